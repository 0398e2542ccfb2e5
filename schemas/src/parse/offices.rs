//! offices.toml: the offices and what they do.

use super::table::Table;
use crate::office::Office;
use crate::set::SchemaSet;
use crate::text::Labels;

pub(crate) fn read(table: &Table<'_>, set: &mut SchemaSet) {
    for entry in table.tables("office") {
        set.offices.extend(office(&entry, set));
        entry.finish();
    }
}

fn office(entry: &Table<'_>, set: &SchemaSet) -> Option<Office> {
    let name = entry.need_text("name");
    let labels = entry.labels();
    let (zh, en) = (entry.need_text("duty_zh"), entry.need_text("duty_en"));
    let retired = entry.flag("retired");
    let name = name?;
    if set.office(&name.value).is_some() {
        let message = format!(
            "office `{}` is declared twice",
            super::file::clip(&name.value)
        );
        entry.file.sink.push(&name.place, message, None);
    }
    let duty = Labels {
        zh: zh?.value,
        en: en?.value,
    };
    Some(Office {
        name: name.value,
        labels: labels.unwrap_or_default(),
        duty,
        retired,
        place: name.place.into(),
    })
}
