//! The words of the table: types of case, states, steps.

use serde::{Deserialize, Serialize};

/// An enum whose values have stable codes, the same in main.db, the journal and the API.
macro_rules! codes {
    ($(#[$outer:meta])* $name:ident { $($(#[$inner:meta])* $value:ident = $code:literal,)* }) => {
        $(#[$outer])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash,
            Serialize, Deserialize, utoipa::ToSchema,
        )]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$inner])* $value,)* }

        impl $name {
            /// Every one.
            pub const ALL: &'static [Self] = &[$(Self::$value),*];

            /// Its code.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$value => $code,)* }
            }

            /// The one with this code.
            pub fn parse(code: &str) -> Option<Self> {
                match code { $($code => Some(Self::$value),)* _ => None }
            }
        }

        impl rusqlite::types::FromSql for $name {
            fn column_result(
                value: rusqlite::types::ValueRef<'_>,
            ) -> rusqlite::types::FromSqlResult<Self> {
                Self::parse(value.as_str()?).ok_or(rusqlite::types::FromSqlError::InvalidType)
            }
        }

        impl rusqlite::types::ToSql for $name {
            fn to_sql(&self) -> rusqlite::Result<rusqlite::types::ToSqlOutput<'_>> {
                Ok(self.as_str().into())
            }
        }
    };
}

codes! {
    /// What a case is about; it decides who leads it.
    CaseType {
        /// 问题: something that is wrong. The linkage centre leads.
        Finding = "finding",
        /// 业态变动: a shop became another trade. The economics section leads.
        Business = "business",
    }
}

codes! {
    /// Where a case stands.
    State {
        /// 待立案: nobody has taken it up.
        Pending = "pending",
        /// 已立案: filed, to be assigned.
        Filed = "filed",
        /// 已派遣: with an office that has not begun.
        Assigned = "assigned",
        /// 处置中: an office works on it.
        Handling = "handling",
        /// 已反馈: the office says that it is done.
        Reported = "reported",
        /// 核查通过: somebody else has seen that it is done.
        Verified = "verified",
        /// 引导: the business is being guided.
        Guided = "guided",
        /// 调整: the business is changing.
        Adjusted = "adjusted",
        /// 明确: what it is from now on is settled.
        Settled = "settled",
        /// 已回退: an office sent it back to the leading office.
        Returned = "returned",
        /// 延期申请中: more time was asked for.
        ExtensionRequested = "extension_requested",
        /// 缓办申请中: a postponement was asked for.
        PostponementRequested = "postponement_requested",
        /// 缓办: put off; its clocks stand still.
        Postponed = "postponed",
        /// 已结案.
        Closed = "closed",
        /// 已作废.
        Void = "void",
        /// 已并案: goes on as another case.
        Joined = "joined",
    }
}

impl State {
    /// Whether nothing can happen any more.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Closed | Self::Void | Self::Joined)
    }
}

codes! {
    /// What is done to a case.
    Step {
        /// 受理: take it up and file it 立案.
        Accept = "accept",
        /// 派遣: give it to an office. Clocks start.
        Assign = "assign",
        /// 处置: begin.
        Handle = "handle",
        /// 节点: a milestone before the last is reached.
        Reach = "reach",
        /// 反馈: report that it is done.
        Report = "report",
        /// 核查通过.
        VerifyPass = "verify_pass",
        /// 核查不通过: it is to be done again 返工.
        VerifyFail = "verify_fail",
        /// 结案.
        Close = "close",
        /// 引导.
        Guide = "guide",
        /// 调整.
        Adjust = "adjust",
        /// 明确.
        Settle = "settle",
        /// 回退: it is not this office's.
        Return = "return",
        /// 作废.
        Void = "void",
        /// 并案: it is about the same as another case.
        Join = "join",
        /// 申请延期.
        RequestExtension = "request_extension",
        /// 同意延期.
        GrantExtension = "grant_extension",
        /// 不同意延期.
        DeclineExtension = "decline_extension",
        /// 申请缓办.
        RequestPostponement = "request_postponement",
        /// 同意缓办. Clocks stand still.
        GrantPostponement = "grant_postponement",
        /// 不同意缓办.
        DeclinePostponement = "decline_postponement",
        /// 恢复办理: clocks run again.
        Resume = "resume",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_the_same_in_json_as_in_tables() {
        for state in State::ALL {
            let json = serde_json::to_string(state).unwrap();
            assert_eq!(json, format!("\"{}\"", state.as_str()));
            assert_eq!(State::parse(state.as_str()), Some(*state));
        }
        for step in Step::ALL {
            let json = serde_json::to_string(step).unwrap();
            assert_eq!(json, format!("\"{}\"", step.as_str()));
        }
    }
}
