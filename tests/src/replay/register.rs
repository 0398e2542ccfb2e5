//! The premises become the register: a column map of their cities, and the importer.

use std::{fmt::Write as _, path::Path};

use super::{Data, ReplayError};
use crate::{server::Server, street::GRIDS};

/// The register's name: with the premises' ids it makes the records' ids.
pub(super) const SOURCE: &str = "premises";

/// The grid of each city: the largest first, over and over if there are more than grids.
pub(super) fn grid_of(data: &Data, city: &str) -> usize {
    let at = data.cities().iter().position(|name| *name == city);
    at.unwrap_or(0) % GRIDS.len()
}

/// The column map. The county's places are moved into the bounds that points have here.
fn column_map(data: &Data) -> String {
    let mut codes = String::new();
    for (at, city) in data.cities().iter().enumerate() {
        let grid = GRIDS.get(at % GRIDS.len()).copied().unwrap_or_default();
        // A city's name as TOML writes a text; quotes and controls stand in no name worth having.
        let name: String = city
            .chars()
            .filter(|c| !c.is_control() && *c != '"' && *c != '\\')
            .collect();
        let _ = write!(codes, "\"{name}\" = \"{grid}\", ");
    }
    format!(
        r#"source = "{SOURCE}"
key = "premises_id"

[grid]
column = "city"
codes = {{ {codes} }}

[[field]]
to = "sign_name"
column = "name"
default = "(no name)"

[[field]]
to = "door_no"
column = ["address", "city", "zip"]
join = ", "

[[field]]
to = "location"
lat = "lat"
lon = "lon"
shift = [-6.4, 243.7]
lenient = true

[[field]]
to = "business_type"
constant = "6210"

[[field]]
to = "premises_use"
constant = "commercial"

[[field]]
to = "operating_state"
constant = "open"

[[field]]
to = "licence_match"
constant = "yes"

[[field]]
to = "lived_in"
constant = false
"#
    )
}

/// Imports the premises through the program, twice: the second time nothing may change.
pub(super) fn import(
    server: &Server,
    data: &Data,
    folder: &Path,
) -> Result<(String, String), ReplayError> {
    let map = server.folder().join("premises.toml");
    std::fs::write(&map, column_map(data))?;
    let file = folder.join("premises.csv");
    let (map, file) = (map.to_string_lossy(), file.to_string_lossy());
    let arguments = ["import", &*file, "--map", &*map, "--by", "replay"];
    let first = server.command(&arguments)?;
    Ok((first, server.command(&arguments)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_map_names_a_grid_for_every_city() {
        let city = |name: &str| (name.to_owned(), name.to_owned());
        let data = Data {
            premises: (0..10).map(|n| city(&format!("City {n}"))).collect(),
            ..Data::default()
        };
        let map = gridbook_server::import::Map::parse(&column_map(&data), &crate::world::schemas());
        assert_eq!(map.unwrap().kind(), "shop");
        assert_eq!(grid_of(&data, "City 9"), 1, "more cities than grids");
    }
}
