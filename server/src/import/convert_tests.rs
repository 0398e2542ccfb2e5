use schemas::{FieldPath, SchemaSet};

use super::*;

fn shop(field: &str, text: &str, dates: &[&str]) -> Result<Scalar, Reason> {
    let schemas = SchemaSet::builtin().unwrap();
    let kind = schemas.kind("shop").unwrap();
    let dates: Vec<String> = dates.iter().map(|format| (*format).to_owned()).collect();
    scalar(
        kind.field(&FieldPath::parse(field).unwrap()).unwrap(),
        text,
        &dates,
    )
}

#[test]
fn blanks_of_every_width_become_single_ones() {
    assert_eq!(
        shop("sign_name", "  DASHI  \u{3000}JAPANESE\tRESTAURANT ", &[]),
        Ok(Scalar::text("DASHI JAPANESE RESTAURANT"))
    );
}

#[test]
fn dates_are_read_in_the_maps_formats_and_in_iso_8601() {
    let formats = ["%d/%m/%Y", "%Y年%m月%d日"];
    for text in ["05/11/2026", "2026年11月5日"] {
        assert_eq!(
            shop("lease_end", text, &formats),
            Ok(Scalar::text("2026-11-05"))
        );
    }
    for formats in [&formats[..], &[]] {
        assert_eq!(
            shop("lease_end", "2026-11-05", formats),
            Ok(Scalar::text("2026-11-05"))
        );
        assert_eq!(
            shop("lease_end", "2026-13-05", formats),
            Err(Reason::NotADate)
        );
    }
}

#[test]
fn decimals_are_read_exactly() {
    assert_eq!(scaled("1,234.5", 2), Ok(123_450));
    assert_eq!(scaled("12.0", 0), Ok(12));
    assert_eq!(scaled("-0.05", 2), Ok(-5));
    assert_eq!(scaled("12.5", 0), Err(Reason::NotANumber));
    assert_eq!(scaled("", 0), Err(Reason::NotANumber));
    assert_eq!(scaled("1e3", 0), Err(Reason::NotANumber));
}

#[test]
fn yes_and_no_are_read_in_both_languages() {
    assert_eq!(shop("lived_in", "是", &[]), Ok(Scalar::Bool(true)));
    assert_eq!(shop("lived_in", "No", &[]), Ok(Scalar::Bool(false)));
    assert_eq!(shop("lived_in", "maybe", &[]), Err(Reason::NotAFlag));
}

#[test]
fn coordinates_become_points_and_may_be_moved() {
    let value = point("37.511236", "-122.293926", [-6.4, 243.7]).unwrap();
    let Scalar::Bytes(bytes) = value else {
        panic!("a point is bytes")
    };
    let point = Point::from_bytes(&bytes).unwrap();
    assert_eq!((point.lat, point.lon), (311_112_360, 1_214_060_740));
    assert!(super::point("x", "1", [0.0; 2]).is_err());
    assert!(super::point("1", "999", [0.0; 2]).is_err());
}

#[test]
fn a_record_is_referred_to_by_its_id() {
    assert!(shop("operator", "0123456789abcdef0123456789abcdef", &[]).is_ok());
    assert_eq!(shop("operator", "12", &[]), Err(Reason::NotAnId));
}
