//! Why something waits or was refused: a code that stays, and words that say what it means.

use serde::Serialize;
use sync_core::change::{HeldReason, RefusedReason};
use utoipa::ToSchema;

use crate::records::values::Words;

/// Why something waits or was refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Cause {
    /// Its code, which stays: `lost_grid`.
    pub code: &'static str,
    /// What it means.
    pub words: Words,
}

fn cause((code, zh, en): (&'static str, &str, &str)) -> Cause {
    let words = Words::fixed(zh, en);
    Cause { code, words }
}

/// Why changes are held.
pub fn held(code: u8) -> Cause {
    cause(match HeldReason::from_code(code) {
        Some(HeldReason::MissingDependency) => (
            "missing_dependency",
            "所依据的修改尚未收到，收到后自动继续",
            "Waits for a change it builds on; goes on by itself",
        ),
        Some(HeldReason::UnknownSchema) => (
            "unknown_schema",
            "手机使用了服务器没有的表单版本",
            "Written under a form version that the server does not have",
        ),
        Some(HeldReason::LostGrid) => (
            "lost_grid",
            "该网格已不归此巡查员",
            "The grid is no longer this inspector's",
        ),
        Some(HeldReason::ExpiredCertificate) => (
            "expired_certificate",
            "手机证书已过期",
            "The phone's certificate had expired",
        ),
        Some(HeldReason::RevokedDevice) => {
            ("revoked_device", "手机已停用", "The phone was revoked")
        }
        Some(HeldReason::FollowsHeld) => (
            "follows_held",
            "同一人此前的修改仍在等待",
            "An earlier change of the same person is held",
        ),
        Some(HeldReason::UnconfirmedDevice) => (
            "unconfirmed_device",
            "手机尚未确认，确认后自动继续",
            "The phone is not confirmed yet; goes on once it is",
        ),
        None => ("unknown", "原因未知", "Unknown reason"),
    })
}

/// Why a change was refused.
pub fn refused(code: u8) -> Cause {
    cause(match RefusedReason::from_code(code) {
        Some(RefusedReason::Malformed) => {
            ("malformed", "数据格式不正确", "Not of the allowed form")
        }
        Some(RefusedReason::ForeignActor) => (
            "foreign_actor",
            "以其他手机的名义写入",
            "Written under another phone's name",
        ),
        Some(RefusedReason::SeqReused) => (
            "seq_reused",
            "编号与另一修改重复",
            "Its number was used by another change",
        ),
        Some(RefusedReason::StartOp | RefusedReason::Preds | RefusedReason::NotOwnSuccessor) => (
            "other_sight",
            "与作者所见的内容不符",
            "Does not fit what its author had seen",
        ),
        Some(RefusedReason::ForbiddenField) => (
            "forbidden_field",
            "作者无权填写此项",
            "Its author may not write this field",
        ),
        Some(RefusedReason::UnknownField) => (
            "unknown_field",
            "表单没有此项",
            "The form has no such field",
        ),
        Some(RefusedReason::TooLarge) => (
            "too_large",
            "记录将超过上限",
            "The record would grow past its limit",
        ),
        Some(RefusedReason::Unsound) => (
            "unsound",
            "写入后记录无法读回",
            "The record could not be read back with it",
        ),
        Some(RefusedReason::Superseded) => (
            "superseded",
            "此前的修改被退回，手机会重新提交",
            "An earlier change was refused; the phone makes this one again",
        ),
        Some(RefusedReason::TakenOver) => {
            ("taken_over", "主管已代为录入", "Entered by a supervisor")
        }
        Some(RefusedReason::BySupervisor) => {
            ("by_supervisor", "主管已退回", "Refused by a supervisor")
        }
        None => ("unknown", "原因未知", "Unknown reason"),
    })
}
