//! An inspector's round in memory: Today and its search over a street with its visits.

use gridbook_tests::{
    street,
    world::{Phone, Rng, Storage},
};
use sync_core::{
    RecordId,
    fieldbook::{Place, round::ShopQuery},
};

use crate::{
    Result, Setting,
    book::{GRID, edit},
    measure::{Samples, once},
    table::{Figure, Row},
};

const SHOPS: usize = 2_000;
const VISITS: usize = 4_000;
const ROUNDS: usize = 60;

/// Today as it is made after each save, and a keystroke in its search between two saves.
pub(crate) fn rows(setting: &Setting) -> Result<Vec<Row>> {
    let mut hub = gridbook_tests::world::hub(setting.seed);
    let mut rng = Rng::new(setting.seed);
    let mut phone = Phone::enrolled(&mut hub, Storage::Memory, 4_000, "王", &[GRID])?;
    let shops = street_with_visits(&mut phone, &mut rng, hub.now_ms)?;
    let today = ShopQuery {
        limit: Some(50),
        ..ShopQuery::default()
    };
    let mut anew = Vec::with_capacity(ROUNDS);
    let mut keystroke = Vec::new();
    while anew.len() < ROUNDS {
        let shop = *rng.pick(&shops).ok_or("no shop")?;
        let edits: Vec<_> = street::shop_edit(&mut rng).into_iter().collect();
        if !edit(&mut phone, &shop, &edits)? {
            continue;
        }
        anew.push(once(|| Ok(phone.book.today(&today)?))?.1);
        for text in ["面", "lz", "1", "梧桐里路1"] {
            let query = ShopQuery {
                text: Some(text.to_owned()),
                ..today.clone()
            };
            keystroke.push(once(|| Ok(phone.book.today(&query)?))?.1);
        }
    }
    let over = format!("{SHOPS} shops with {VISITS} visits");
    Ok(vec![
        Row::time(format!("Today of {over}, after a save"), &Samples::of(anew))
            .target(Figure::Seconds(0.020)),
        Row::time(
            format!("a keystroke in Today of {over}"),
            &Samples::of(keystroke),
        )
        .target(Figure::Seconds(0.010)),
    ])
}

fn street_with_visits(phone: &mut Phone, rng: &mut Rng, from_ms: i64) -> Result<Vec<RecordId>> {
    let mut shops = Vec::with_capacity(SHOPS);
    let mut now = from_ms;
    for number in 0..SHOPS {
        let place = Place::Grid(GRID.to_owned());
        let edits = street::shop(rng, number);
        shops.push(phone.book.create("shop", &place, &edits)?.record);
    }
    for _ in 0..VISITS {
        now += 60_000;
        phone.host.set(now);
        let shop = *rng.pick(&shops).ok_or("no shop")?;
        let edits = street::visit(rng, now);
        phone.book.create("visit", &Place::With(shop), &edits)?;
    }
    Ok(shops)
}
