//! Why the server held or refused something, in words for whoever wrote it.

use super::Words;
use crate::change::{HeldReason, RefusedReason, Stop};

/// The words for a stop.
pub(super) fn of(stop: Stop) -> Words {
    match stop {
        Stop::Held(reason) => held(reason),
        Stop::Refused(reason) => refused(Some(reason)),
    }
}

fn held(reason: HeldReason) -> Words {
    use HeldReason as R;
    match reason {
        R::MissingDependency => Words::new(
            "所依据的修改还没有到达",
            "What it builds on has not arrived",
        ),
        R::UnknownSchema => Words::new(
            "服务器还没有这个表单版本",
            "The server lacks this version of the form",
        ),
        R::LostGrid => Words::new(
            "该记录的网格已不归您",
            "The record's grid is no longer yours",
        ),
        R::ExpiredCertificate => Words::new(
            "手机的证书当时已过期",
            "The phone's certificate had expired",
        ),
        R::RevokedDevice => Words::new("手机已被停用", "The phone was revoked"),
        R::FollowsHeld => Words::new("前一处修改还在等待", "An earlier edit is held"),
        R::UnconfirmedDevice => Words::new(
            "手机还未确认，确认后自动生效",
            "The phone is not confirmed yet; goes on once it is",
        ),
    }
}

/// The words for a refusal; without a reason, of what could not be made again after one.
pub(super) fn refused(reason: Option<RefusedReason>) -> Words {
    use RefusedReason as R;
    let Some(reason) = reason else {
        return Words::new(
            "前一处修改被退回，这一处不能照样重做",
            "An earlier edit was refused, and this one cannot be repeated without it",
        );
    };
    match reason {
        R::Malformed
        | R::ForeignActor
        | R::SeqReused
        | R::StartOp
        | R::Preds
        | R::NotOwnSuccessor => Words::new(
            "数据不合格式，请重填",
            "The data is not well formed: fill it in again",
        ),
        R::ForbiddenField => Words::new("您不能改这一项", "You may not change this field"),
        R::UnknownField => Words::new("表单里已没有这一项", "The form has no such field"),
        R::TooLarge => Words::new("记录太大", "The record would be too large"),
        R::Unsound => Words::new(
            "保存后读不回来，请重填",
            "It could not be read back: fill it in again",
        ),
        R::Superseded => Words::new("前一处修改被退回", "An earlier edit was refused"),
        R::TakenOver => Words::new(
            "主管已代为录入，不用重填",
            "A supervisor entered it: no need to fill it in again",
        ),
        R::BySupervisor => Words::new("主管退回", "Refused by a supervisor"),
    }
}
