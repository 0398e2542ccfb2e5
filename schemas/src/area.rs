//! Areas (district, street, community, grid) and what each sets for itself.

use std::fmt;

use crate::code::CodeList;
use crate::path::Code;
use crate::place::Origin;
use crate::text::Labels;

/// The level of an area; it decides the length of its code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Level {
    /// 区, 6 digits (GB/T 2260).
    District,
    /// 街道, 9 digits.
    Street,
    /// 居委, 12 digits.
    Community,
    /// 网格, 15 digits.
    Grid,
}

impl Level {
    /// Every level, from above.
    pub const ALL: [Self; 4] = [Self::District, Self::Street, Self::Community, Self::Grid];

    /// Digits of a code of this level.
    pub fn digits(self) -> usize {
        match self {
            Self::District => 6,
            Self::Street => 9,
            Self::Community => 12,
            Self::Grid => 15,
        }
    }

    /// The level whose codes have this many digits.
    pub fn of_code(code: &str) -> Option<Self> {
        let digits = code.bytes().all(|b| b.is_ascii_digit());
        Self::ALL
            .into_iter()
            .find(|level| digits && level.digits() == code.len())
    }

    /// The level above.
    pub fn above(self) -> Option<Self> {
        match self {
            Self::District => None,
            Self::Street => Some(Self::District),
            Self::Community => Some(Self::Street),
            Self::Grid => Some(Self::Community),
        }
    }
}

impl fmt::Display for Level {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::District => "district",
            Self::Street => "street",
            Self::Community => "community",
            Self::Grid => "grid",
        })
    }
}

/// One area.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Area {
    /// Its code, of 6, 9, 12 or 15 digits; it begins with the code of the area above.
    pub code: String,
    /// Its level.
    pub level: Level,
    /// What people read.
    pub labels: Labels,
    /// Where it is declared.
    pub place: Origin,
}

impl Area {
    /// The code of the area above.
    pub fn parent(&self) -> Option<&str> {
        self.code.get(..self.level.above()?.digits())
    }
}

/// What an area sets for itself.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Settings {
    /// The code of the area that they hold for, with everything below it; empty for all.
    pub area: String,
    /// First working hour of a day, 0 to 23.
    pub work_from: u8,
    /// Hour at which the working day ends, 1 to 24.
    pub work_to: u8,
    /// Working days of grace before a missing registration counts against an inspector.
    pub grace_working_days: u32,
    /// Days before its end at which a licence is warned about, by licence type.
    pub licence_lead: Vec<(Code, u32)>,
    /// Which licences a business type needs.
    pub needed: Vec<NeededLicences>,
    /// Where the settings are declared.
    pub place: Origin,
}

/// The licences that a business type, with everything below it, needs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct NeededLicences {
    /// A code of the list `business-type`, at any height of its tree.
    pub business_type: Code,
    /// Codes of the list `licence-type`.
    pub licences: Vec<Code>,
    /// Where it is declared.
    pub place: Origin,
}

impl Settings {
    /// Days before its end at which a licence of this type is warned about.
    pub fn lead_days(&self, licence: &str) -> Option<u32> {
        let lead = self
            .licence_lead
            .iter()
            .find(|(code, _)| code.as_str() == licence);
        lead.map(|(_, days)| *days)
    }

    /// The licences that a shop of this business type needs: those of its nearest entry in the
    /// table, going up the tree of `business_types`. Empty if no entry is found.
    pub fn needed_licences(&self, business_types: &CodeList, code: &str) -> &[Code] {
        let entry = business_types.ancestry(code).find_map(|above| {
            self.needed
                .iter()
                .find(|needed| needed.business_type == above.code)
        });
        entry
            .map(|needed| needed.licences.as_slice())
            .unwrap_or_default()
    }
}
