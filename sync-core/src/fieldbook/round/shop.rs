//! A shop's row.

use super::{
    Author, ShopRow, VisitMark, names,
    now::Now,
    tally::{Round, Visit},
};
use crate::{
    fieldbook::{Fieldbook, Listed},
    ids::{AuthorClass, DeviceId},
    record::Provenance,
};

impl Fieldbook {
    pub(super) fn shop_row(
        &self,
        shop: &Listed,
        round: &Round,
        now: &Now,
        metres: Option<u32>,
    ) -> ShopRow {
        let tally = round.tally(&shop.record);
        let text = |field: &str| shop.facts.text(field).map(str::to_owned);
        ShopRow {
            id: shop.record,
            grid: shop.grid.clone(),
            door: text(names::DOOR).unwrap_or_default(),
            unit: text(names::UNIT).unwrap_or_default(),
            sign: text(names::SIGN).unwrap_or_default(),
            business_type: text(names::BUSINESS_TYPE),
            state: text(names::OPERATING_STATE),
            residents: tally.residents,
            workers: tally.workers,
            location: shop.facts.point(names::LOCATION).map(Into::into),
            metres,
            due: tally.due(now),
            last: tally.last(now).map(|visit| self.mark(visit, round)),
            findings: tally.findings,
            conflicts: shop.conflicts,
            warnings: self.warnings(shop, tally, now),
            pending: round.is_pending(&shop.record),
        }
    }

    /// A visit with who made it.
    pub(super) fn mark(&self, mark: &Visit, round: &Round) -> VisitMark {
        let visit = self.list.get(&mark.record);
        let outcome = visit.and_then(|visit| visit.facts.text(names::OUTCOME));
        let by = visit.and_then(|visit| visit.by);
        VisitMark {
            record: mark.record,
            outcome: outcome.unwrap_or_default().to_owned(),
            at_ms: mark.at_ms,
            by: by.map(|by| self.label(by, round)).unwrap_or_default(),
            own: by.is_some_and(|by| self.is_own(by)),
        }
    }

    /// How people know a device. Where the server never said, what its id tells.
    pub(super) fn label(&self, device: DeviceId, round: &Round) -> String {
        if let Some(label) = round.label(device) {
            return label.to_owned();
        }
        match device.class() {
            AuthorClass::Decision => "主管裁定".to_owned(),
            AuthorClass::Office => "科室".to_owned(),
            AuthorClass::Import => "导入".to_owned(),
            AuthorClass::Device => match &self.identity {
                Some(own) if own.certificate.device == device => own.certificate.inspector.clone(),
                _ => device.to_string(),
            },
        }
    }

    /// Who wrote a value.
    pub(super) fn author_of(&self, by: &Provenance, round: &Round) -> Author {
        let device = by.actor().device();
        Author {
            label: self.label(device, round),
            device,
            own: self.is_own(device),
            at_ms: by.time,
            decision: device.class() == AuthorClass::Decision,
        }
    }

    pub(super) fn is_own(&self, device: DeviceId) -> bool {
        let own = self.identity.as_ref();
        own.is_some_and(|own| own.certificate.device == device)
    }
}
