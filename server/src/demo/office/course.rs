//! How a case goes: what is done one after the other, by whom and how long after.

use schemas::class::Clock;

use crate::{cases::state::Step, demo::camera::Sight};

/// Who takes a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum By {
    /// A clerk of the office that leads such cases.
    Lead,
    /// Its head.
    LeadHead,
    /// A clerk of the office that has the case.
    Handler,
    /// Its head.
    HandlerHead,
}

/// How long after the step before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum After {
    /// Minutes by day and night: the centre is always on duty.
    Minutes(i64),
    /// Hours of work.
    Worked(i64),
}

/// One step of a course.
#[derive(Clone, Copy, Debug)]
pub(super) struct Move {
    pub(super) after: After,
    pub(super) by: By,
    pub(super) step: Step,
    /// Why, or what was done.
    pub(super) why: &'static str,
    /// What is photographed on the site.
    pub(super) photo: Option<Sight>,
    /// To which office, where it is not the usual one.
    pub(super) to: Option<&'static str>,
}

use After::{Minutes, Worked};
use By::{Handler, HandlerHead, Lead, LeadHead};

const fn step(after: After, by: By, step: Step, why: &'static str) -> Move {
    Move {
        after,
        by,
        step,
        why,
        photo: None,
        to: None,
    }
}

const FILE: Move = step(Minutes(20), Lead, Step::Accept, "");
const ASSIGN: Move = step(Minutes(15), Lead, Step::Assign, "");
const HANDLE: Move = step(Worked(2), Handler, Step::Handle, "");
const REPORT: Move = Move {
    photo: Some(Sight::Shopfront),
    ..step(
        Worked(4),
        Handler,
        Step::Report,
        "已当场整改，现场照片见附件",
    )
};
const PASS: Move = step(Worked(3), Lead, Step::VerifyPass, "");
const CLOSE: Move = step(Minutes(30), Lead, Step::Close, "");

const STRAIGHT: &[Move] = &[FILE, ASSIGN, HANDLE, REPORT, PASS, CLOSE];
/// What cannot wait is settled by day and night.
const AT_ONCE: &[Move] = &[
    FILE,
    ASSIGN,
    step(Minutes(40), Handler, Step::Handle, ""),
    Move {
        after: Minutes(90),
        ..REPORT
    },
    step(Minutes(120), Lead, Step::VerifyPass, ""),
    CLOSE,
];
/// What has some hours is settled the same day.
const SAME_DAY: &[Move] = &[
    FILE,
    ASSIGN,
    step(Worked(1), Handler, Step::Handle, ""),
    Move {
        after: Worked(1),
        ..REPORT
    },
    step(Minutes(20), Lead, Step::VerifyPass, ""),
    step(Minutes(10), Lead, Step::Close, ""),
];
const LATE: &[Move] = &[
    FILE,
    ASSIGN,
    step(Worked(22), Handler, Step::Handle, ""),
    step(
        Worked(16),
        Handler,
        Step::Report,
        "店主外出多日，今日整改完毕",
    ),
    PASS,
    CLOSE,
];
const RETURNED: &[Move] = &[
    FILE,
    ASSIGN,
    step(
        Worked(2),
        HandlerHead,
        Step::Return,
        "现场是小型经营场所，应由安全办处置",
    ),
    Move {
        to: Some("safety-office"),
        ..step(Minutes(40), Lead, Step::Assign, "")
    },
    HANDLE,
    REPORT,
    PASS,
    CLOSE,
];
const EXTENDED: &[Move] = &[
    FILE,
    ASSIGN,
    HANDLE,
    step(
        Worked(3),
        Handler,
        Step::RequestExtension,
        "材料已订，次日到货后更换",
    ),
    step(Worked(1), LeadHead, Step::GrantExtension, ""),
    step(Worked(6), Handler, Step::Report, "已更换，现场照片见附件"),
    PASS,
    CLOSE,
];
const AGAIN: &[Move] = &[
    FILE,
    ASSIGN,
    HANDLE,
    REPORT,
    step(Worked(3), Lead, Step::VerifyFail, "核查时仍未清理干净"),
    step(Worked(3), Handler, Step::Report, "已重新清理"),
    PASS,
    CLOSE,
];
const POSTPONED: &[Move] = &[
    FILE,
    ASSIGN,
    HANDLE,
    step(
        Worked(2),
        Handler,
        Step::RequestPostponement,
        "房东在外地，需其到场",
    ),
    step(Worked(2), LeadHead, Step::GrantPostponement, ""),
    step(Worked(40), Handler, Step::Resume, "房东已到场"),
    REPORT,
    PASS,
    CLOSE,
];
const VOID: &[Move] = &[
    FILE,
    step(
        Worked(2),
        LeadHead,
        Step::Void,
        "与前一件是同一处，重复上报",
    ),
];
/// Nobody has got round to it.
const LEFT: &[Move] = &[FILE, ASSIGN, HANDLE];

/// 业态变动: guided and followed until it is settled.
const TRADE: &[Move] = &[
    step(Minutes(90), Lead, Step::Accept, ""),
    step(Minutes(20), Lead, Step::Assign, ""),
    step(Worked(3), Handler, Step::Guide, "已上门说明所需证照"),
    step(Worked(30), Handler, Step::Adjust, ""),
];

/// The course of so many-th finding, whose limit runs on that clock: most go straight.
pub(super) fn of_finding(number: usize, clock: Clock) -> &'static [Move] {
    let straight = match clock {
        Clock::NaturalHours => AT_ONCE,
        Clock::WorkingHours => SAME_DAY,
        Clock::WorkingDays => STRAIGHT,
    };
    match number % 16 {
        5 | 14 => LATE,
        12 => VOID,
        15 => LEFT,
        // There is time for more than the work itself.
        3 if clock == Clock::WorkingDays => RETURNED,
        7 if clock == Clock::WorkingDays => EXTENDED,
        9 if clock == Clock::WorkingDays => AGAIN,
        11 if clock == Clock::WorkingDays => POSTPONED,
        _ => straight,
    }
}

/// The course of so many-th change of trade; some wait for somebody to take them up.
pub(super) fn of_trade(number: usize) -> &'static [Move] {
    if number % 3 == 2 { &[] } else { TRADE }
}

/// Milliseconds of a minute and of an hour.
const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;
/// From UTC to Shanghai.
const LOCAL_MS: i64 = 8 * HOUR_MS;

impl After {
    /// The time that is so long after another; work is done from nine to five, Monday to Friday.
    pub(super) fn from(self, at_ms: i64) -> i64 {
        match self {
            Minutes(minutes) => at_ms + minutes * MINUTE_MS,
            Worked(hours) => {
                let mut at = at_ms;
                let mut left = hours;
                while left > 0 || !is_worked(at) {
                    left -= i64::from(is_worked(at));
                    at += HOUR_MS;
                }
                at
            }
        }
    }
}

fn is_worked(at_ms: i64) -> bool {
    let local = at_ms + LOCAL_MS;
    let hour = local.rem_euclid(DAY_MS) / HOUR_MS;
    // The first day of 1970 was a Thursday.
    let weekday = (local.div_euclid(DAY_MS) + 3).rem_euclid(7);
    (9..17).contains(&hour) && weekday < 5
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases::{
        state::{CaseType, State},
        table::{self, Next},
    };

    #[test]
    fn courses_follow_the_table_of_steps() {
        let numbers = (0..16).flat_map(|number| Clock::ALL.map(|clock| (number, clock)));
        let courses = numbers.map(|(n, clock)| (CaseType::Finding, of_finding(n, clock)));
        let trades = (0..3).map(|number| (CaseType::Business, of_trade(number)));
        for (case, course) in courses.chain(trades) {
            let (mut at, mut before) = (State::Pending, State::Pending);
            for made in course {
                let row = table::find(case, at, made.step);
                let row = row.unwrap_or_else(|| panic!("{:?} at {at:?}", made.step));
                assert!(!row.reason || !made.why.is_empty(), "{:?}", made.step);
                let asks = matches!(
                    made.step,
                    Step::RequestExtension | Step::RequestPostponement
                );
                if asks {
                    before = at;
                }
                at = match row.next {
                    Next::To(state) => state,
                    Next::Back => before,
                    Next::Return => State::Returned,
                };
            }
        }
    }

    #[test]
    fn work_is_done_from_nine_to_five_on_weekdays() {
        // Friday 2026-11-20, 16:00 in Shanghai.
        let friday = 1_795_161_600_000;
        assert!(is_worked(friday));
        assert!(!is_worked(friday + HOUR_MS));
        assert_eq!(Worked(1).from(friday), friday + 65 * HOUR_MS);
        assert_eq!(Worked(2).from(friday), friday + 66 * HOUR_MS);
        assert_eq!(Minutes(90).from(friday), friday + 90 * MINUTE_MS);
    }
}
