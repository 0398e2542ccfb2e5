//! What inspectors do: the survey of their shops, and an ordinary day.

use sync_core::{RecordId, record::Edit};

use super::{DemoError, PastClock, Rng, phone::Phone, staff::PER_GRID, street, walk::Walk};
use crate::{
    App,
    clock::{Clock as _, SystemClock},
};

const DAY_MS: i64 = 86_400_000;
/// Days that the survey took.
const SURVEY_DAYS: usize = 18;
/// Days since its last one: in a month before this one, so that shops are due again.
const SURVEYED_AGO: i64 = 32;
/// From a day's beginning, midnight UTC, until the phones are back in signal: six in the evening.
const EVENING_MS: i64 = 10 * 3_600_000;
/// From a day's beginning until its visits are over.
const LATER_MS: i64 = 8 * 3_600_000;
/// Visits of an ordinary day.
const STOPS: usize = 20;

/// When it all was.
pub(super) struct Times<'a> {
    /// Put forward from one day to the next.
    pub(super) clock: &'a PastClock,
    /// Midnight UTC of today, ms.
    pub(super) today_ms: i64,
}

impl<'a> Times<'a> {
    /// Sets the clock back to before the survey.
    pub(super) fn begin(clock: &'a PastClock) -> Self {
        let now = SystemClock.now_ms();
        let today_ms = now - now.rem_euclid(DAY_MS);
        let days = SURVEYED_AGO + i64::try_from(SURVEY_DAYS).unwrap_or(0) + 2;
        clock.begin(today_ms - days * DAY_MS);
        Self { clock, today_ms }
    }

    /// The beginning of the last day on which everybody walked, ms.
    pub(super) const fn yesterday_ms(&self) -> i64 {
        self.today_ms - DAY_MS
    }
}

/// Every inspector surveys a third of their grid.
pub(super) async fn survey(
    app: &App,
    rng: &mut Rng,
    camera: &mut Rng,
    phones: &mut [Phone],
    shops: &[Vec<RecordId>],
    times: &Times<'_>,
) -> Result<(), DemoError> {
    times
        .clock
        .put(times.today_ms - SURVEYED_AGO * DAY_MS + EVENING_MS);
    for (number, phone) in phones.iter_mut().enumerate() {
        let mut walk = Walk::new(phone, rng, camera, number / PER_GRID);
        let grid = shops.get(walk.grid).map_or(&[][..], Vec::as_slice);
        let own: Vec<_> = grid
            .iter()
            .skip(number % PER_GRID)
            .step_by(PER_GRID)
            .collect();
        let a_day = own.len().div_ceil(SURVEY_DAYS).max(1);
        for (day, stops) in own.chunks(a_day).enumerate() {
            let left = i64::try_from(SURVEY_DAYS - 1 - day.min(SURVEY_DAYS - 1)).unwrap_or(0);
            walk.begin(times.today_ms - (SURVEYED_AGO + left) * DAY_MS);
            for shop in stops {
                walk.first_visit(**shop)?;
            }
        }
        phone.sync(app).await?;
    }
    everybody(app, phones).await
}

/// Everybody walks their grid; two of each grid meet in one shop and find different things. One of
/// them goes back and photographs the licence; the last phone's line breaks within its last photos.
pub(super) async fn yesterday(
    app: &App,
    rng: &mut Rng,
    camera: &mut Rng,
    phones: &mut [Phone],
    shops: &[Vec<RecordId>],
    times: &Times<'_>,
) -> Result<(), DemoError> {
    let yesterday = times.today_ms - DAY_MS;
    times.clock.put(yesterday + EVENING_MS);
    let last = phones.len().saturating_sub(1);
    for (number, phone) in phones.iter_mut().enumerate() {
        let mut walk = Walk::new(phone, rng, camera, number / PER_GRID);
        let grid = shops.get(walk.grid).map_or(&[][..], Vec::as_slice);
        walk.begin(yesterday);
        for _ in 0..STOPS {
            if let Some(shop) = walk.rng.pick(grid) {
                walk.revisit(*shop)?;
            }
        }
        if let Some(shop) = grid.first().filter(|_| number == last) {
            walk.cut_off(*shop)?;
        }
        let Some(met) = grid.get(number / PER_GRID + 1) else {
            continue;
        };
        let found = match number % PER_GRID {
            0 => [("business_type", "6210"), ("sign_name", "梧桐小馆")],
            1 => [("business_type", "8052"), ("sign_name", "梧桐足浴")],
            _ => continue,
        };
        let text = |(key, value): (&str, &str)| street::text(key, value);
        let edits: Vec<Edit> = found.into_iter().filter_map(text).collect();
        walk.edit(*met, &edits)?;
    }
    everybody(app, phones).await?;
    for (grid, phone) in phones.iter_mut().step_by(PER_GRID).enumerate() {
        let mut walk = Walk::new(phone, rng, camera, grid);
        walk.begin(yesterday + LATER_MS);
        walk.proofs()?;
        phone.sync(app).await?;
        phone.send_photos(app).await?;
    }
    everybody(app, phones).await
}

/// Everybody sends, and then fetches what the others sent.
pub(super) async fn everybody(app: &App, phones: &mut [Phone]) -> Result<(), DemoError> {
    for _ in 0..2 {
        for phone in phones.iter_mut() {
            phone.sync(app).await?;
            phone.send_photos(app).await?;
        }
    }
    Ok(())
}
