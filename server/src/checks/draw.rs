//! The draw itself: pure, so that anybody can do it again from the list and the seed.
//! docs/adr/0027 says how, with an example.

use std::collections::BTreeMap;

use sync_core::Sha256;

/// What decides a draw. Its hash is shown before there is a list, itself once it was used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seed(pub [u8; 32]);

impl Seed {
    /// What is shown beforehand.
    pub fn commitment(&self) -> Sha256 {
        Sha256::of(&self.0)
    }

    /// A door's ticket: those with the lowest of a grid are drawn.
    pub fn ticket(&self, door: &Door) -> Sha256 {
        let mut bytes = self.0.to_vec();
        bytes.extend_from_slice(door.line().as_bytes());
        Sha256::of(&bytes)
    }
}

/// A door of a list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Door {
    /// The grid's code.
    pub grid: String,
    /// Road and number.
    pub door: String,
    /// The unit behind it, or nothing.
    pub unit: String,
}

impl Door {
    /// As it is written for people and on tasks.
    pub fn text(&self) -> String {
        if self.unit.is_empty() {
            self.door.clone()
        } else {
            format!("{} {}", self.door, self.unit)
        }
    }

    /// As it is hashed. No part holds a tabulator or a line's end.
    fn line(&self) -> String {
        format!("{}\t{}\t{}\n", self.grid, self.door, self.unit)
    }
}

/// What stands for a whole list: the hash of its lines, sorted by their bytes.
pub fn frame_digest(doors: &[Door]) -> Sha256 {
    let mut lines: Vec<String> = doors.iter().map(Door::line).collect();
    lines.sort_unstable();
    Sha256::of(lines.concat().as_bytes())
}

/// Draws up to `per_grid` doors of each grid: their places in the list, by grid, in the order of
/// their tickets. The order of the list does not matter.
pub fn draw(seed: &Seed, doors: &[Door], per_grid: usize) -> BTreeMap<String, Vec<usize>> {
    let mut grids: BTreeMap<String, Vec<(Sha256, usize)>> = BTreeMap::new();
    for (at, door) in doors.iter().enumerate() {
        let tickets = grids.entry(door.grid.clone()).or_default();
        tickets.push((seed.ticket(door), at));
    }
    let drawn = |mut tickets: Vec<(Sha256, usize)>| {
        tickets.sort_unstable_by_key(|(ticket, _)| ticket.0);
        tickets
            .into_iter()
            .take(per_grid)
            .map(|(_, at)| at)
            .collect()
    };
    grids
        .into_iter()
        .map(|(grid, tickets)| (grid, drawn(tickets)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn door(grid: &str, number: u32) -> Door {
        Door {
            grid: grid.to_owned(),
            door: format!("七莘路 {number} 号"),
            unit: String::new(),
        }
    }

    fn list() -> Vec<Door> {
        let grids = ["310112901001001", "310112901001002"];
        let doors = grids.iter().flat_map(|grid| (1..=9).map(|n| door(grid, n)));
        doors.collect()
    }

    /// The example of docs/adr/0027, which was computed elsewhere.
    #[test]
    fn the_example_of_the_decision_record() {
        let seed = Seed([7; 32]);
        let commitment = "4bb06f8e4e3a7715d201d573d0aa423762e55dabd61a2c02278fa56cc6d294e0";
        assert_eq!(seed.commitment().to_string(), commitment);
        assert_eq!(
            frame_digest(&list()).to_string(),
            "648920d0f3d34a99bbbda4e0389f19c8d3ef8edd2e7245e68e2d2b8623f3a617"
        );
        let drawn = draw(&seed, &list(), 3);
        assert_eq!(drawn["310112901001001"], [0, 1, 6]);
        assert_eq!(drawn["310112901001002"], [15, 13, 11]);
    }

    #[test]
    fn the_order_of_the_list_and_what_other_grids_hold_do_not_matter() {
        let seed = Seed([1; 32]);
        let texts = |doors: &[Door], grid: &str| -> Vec<String> {
            let drawn = draw(&seed, doors, 4);
            drawn[grid].iter().map(|at| doors[*at].text()).collect()
        };
        let mut turned = list();
        turned.reverse();
        let grid = "310112901001002";
        assert_eq!(texts(&list(), grid), texts(&turned, grid));
        turned.retain(|door| door.grid == grid);
        assert_eq!(texts(&list(), grid), texts(&turned, grid));
        assert_eq!(frame_digest(&list()), {
            let mut turned = list();
            turned.reverse();
            frame_digest(&turned)
        });
    }

    #[test]
    fn a_grid_with_few_doors_is_drawn_whole_and_another_seed_draws_others() {
        let doors = list();
        let all = draw(&Seed([1; 32]), &doors, 20);
        assert_eq!(all["310112901001001"].len(), 9);
        let some = |byte| draw(&Seed([byte; 32]), &doors, 4);
        assert_ne!(some(1), some(2));
    }
}
