//! What the demo's inspectors photograph: drawings, kept as the phone app keeps what a camera took.

use sync_core::{Sha256, record::Edit};

use super::Rng;

/// What the phone app makes of every picture.
pub(super) const MEDIA: &str = "image/jpeg";

/// Something to photograph.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sight {
    Shopfront,
    BlockedExit,
    Charging,
    Extinguisher,
    Loft,
    Licence,
}

impl Sight {
    /// What a finding of these values looks like.
    pub(super) fn of_finding(edits: &[Edit]) -> Self {
        let class = edits.iter().find_map(|edit| match edit {
            Edit::Set { key, value } if key.to_string() == "class" => value.as_text(),
            _ => None,
        });
        match class {
            Some("blocked-exit") => Self::BlockedExit,
            Some("wiring") => Self::Charging,
            Some("extinguisher") => Self::Extinguisher,
            Some("illegal-living") => Self::Loft,
            _ => Self::Shopfront,
        }
    }

    const fn drawing(self) -> &'static [u8] {
        match self {
            Self::Shopfront => include_bytes!("pictures/shopfront.jpg"),
            Self::BlockedExit => include_bytes!("pictures/blocked-exit.jpg"),
            Self::Charging => include_bytes!("pictures/charging.jpg"),
            Self::Extinguisher => include_bytes!("pictures/extinguisher.jpg"),
            Self::Loft => include_bytes!("pictures/loft.jpg"),
            Self::Licence => include_bytes!("pictures/licence.jpg"),
        }
    }

    /// A photo of it. No two are the same file, as no two of a camera are: the same file with two
    /// records would be noted for a person to look at.
    pub(super) fn photographed(self, rng: &mut Rng, taken_ms: i64) -> Vec<u8> {
        let original = Sha256::of(&rng.next().to_be_bytes());
        let note = format!("gridbook original-sha256={original} taken-ms={taken_ms} place-e7=-");
        with_comment(self.drawing(), &note)
    }
}

/// The JPEG with a comment after the segments that a reader expects to lead.
fn with_comment(jpeg: &[u8], note: &str) -> Vec<u8> {
    let Ok(length) = u16::try_from(note.len() + 2) else {
        return jpeg.to_vec();
    };
    let (head, rest) = jpeg.split_at_checked(lead(jpeg)).unwrap_or((jpeg, &[]));
    [
        head,
        &[0xFF, 0xFE],
        &length.to_be_bytes(),
        note.as_bytes(),
        rest,
    ]
    .concat()
}

/// Bytes of the start and of the application segments behind it.
fn lead(jpeg: &[u8]) -> usize {
    let mut at = 2;
    while let Some([0xFF, 0xE0..=0xEF, high, low]) = jpeg.get(at..at + 4) {
        at += 2 + usize::from(u16::from_be_bytes([*high, *low]));
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Sight; 6] = [
        Sight::Shopfront,
        Sight::BlockedExit,
        Sight::Charging,
        Sight::Extinguisher,
        Sight::Loft,
        Sight::Licence,
    ];

    #[test]
    fn photos_of_one_thing_are_small_jpegs_and_no_two_of_them_the_same_file() {
        let mut rng = Rng::new(1);
        for sight in ALL {
            let [one, other] = [0; 2].map(|taken_ms| sight.photographed(&mut rng, taken_ms));
            assert!(one.len() <= 20_200, "{sight:?}: {} bytes", one.len());
            assert_eq!(infer::get(&one).unwrap().mime_type(), MEDIA);
            assert_ne!(one, other, "{sight:?}");
        }
    }

    #[test]
    fn the_note_stands_behind_the_head_and_the_picture_is_whole_behind_it() {
        for sight in ALL {
            let drawing = sight.drawing();
            let noted = with_comment(drawing, "note");
            let at = lead(drawing);
            assert!(at > 2, "{sight:?} has a head of its own");
            assert_eq!(noted[..at], drawing[..at]);
            assert_eq!(noted[at..at + 8], *b"\xFF\xFE\x00\x06note");
            assert_eq!(noted[at + 8..], drawing[at..]);
        }
    }
}
