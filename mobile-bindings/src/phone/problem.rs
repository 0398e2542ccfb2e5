//! Why a call did nothing: a code for the program, words for the person.

use schemas::ValueError;
use serde::Serialize;
use sync_core::{
    fieldbook::{
        self, FieldbookError,
        transport::{SyncError, TransportError},
    },
    record::EditError,
    sync::SessionError,
};

use super::{Words, versions::unusable};

/// What a program tells problems apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(
    not(all(target_arch = "wasm32", target_os = "unknown")),
    derive(uniffi::Enum)
)]
pub enum Code {
    /// The key does not open this book.
    WrongKey,
    /// The book was written by a newer app.
    NewerFile,
    /// The file is something else.
    NotABook,
    /// The book is open elsewhere.
    Busy,
    /// No room on the phone.
    DiskFull,
    /// The store failed otherwise.
    Store,
    /// Something kept cannot be read.
    Damaged,
    /// The phone has no name yet.
    NotEnrolled,
    /// Something has to be sent first.
    Unsent,
    /// No such record here.
    NoRecord,
    /// No such kind.
    NoKind,
    /// Not one of this phone's grids.
    NoGrid,
    /// Fields that need correcting.
    Invalid,
    /// The edits do not fit the record.
    Edit,
    /// Past a limit.
    TooLarge,
    /// Something received is malformed.
    Format,
    /// The server's version of the schemas cannot be used.
    Schema,
    /// A signature does not verify.
    Signature,
    /// No way to the server.
    Offline,
    /// The server did not answer in time.
    Timeout,
    /// Stopped by the person or the app.
    Cancelled,
    /// Somebody between phone and server answered.
    Intercepted,
    /// The server refused.
    Refused,
    /// The server failed.
    Server,
    /// It needs the data key.
    Locked,
    /// The core fell over.
    Panic,
    /// A call that this version does not know, or cannot read.
    Internal,
}

/// Why a call did nothing.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Problem {
    /// For the program.
    pub code: Code,
    /// For the person: what happened, what to do.
    pub words: Words,
    /// Fields at fault.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<Fault>,
    /// HTTP status, where the server refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// How long the server asked to be left alone, ms.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub retry_after_ms: Option<u64>,
}

/// One field that needs correcting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// Its register.
    pub key: String,
    /// What to do.
    pub words: Words,
}

impl Problem {
    /// A problem with these words.
    pub fn new(code: Code, zh: &str, en: &str) -> Self {
        Self {
            code,
            words: Words::new(zh, en),
            faults: Vec::new(),
            status: None,
            retry_after_ms: None,
        }
    }

    /// A call that cannot be read: a fault of the app, not of the person.
    pub fn call() -> Self {
        Self::new(
            Code::Internal,
            "应用出错，内容还在。请更新应用后再试。",
            "The app made a mistake; nothing is lost. Update it and try again.",
        )
    }

    /// Values that need correcting.
    pub fn invalid(faults: Vec<Fault>) -> Self {
        Self {
            faults,
            ..Self::new(
                Code::Invalid,
                "有项目需要改正，还没保存。",
                "Some fields need correcting. Nothing is saved yet.",
            )
        }
    }
}

impl Fault {
    /// A value that does not pass.
    pub fn value(key: &str, error: ValueError) -> Self {
        Self {
            key: key.to_owned(),
            words: error.into(),
        }
    }

    /// A required field that holds nothing.
    pub fn missing(key: &str) -> Self {
        Self {
            key: key.to_owned(),
            words: Words::new("此项必填", "This must be filled in"),
        }
    }

    fn of(fault: &fieldbook::Fault) -> Self {
        use fieldbook::Fault as F;
        match fault {
            F::Value(key, error) => Self::value(&key.to_string(), *error),
            F::Missing(key) => Self::missing(&key.to_string()),
            F::Forbidden(key) => Self {
                key: key.to_string(),
                words: Words::new("此项由其他岗位填写", "Another role fills this in"),
            },
            F::ForbiddenAct => Self {
                key: String::new(),
                words: Words::new(
                    "本岗位不能新建或删除此类记录",
                    "Your role may not create or delete this kind of record",
                ),
            },
        }
    }
}

impl From<FieldbookError> for Problem {
    fn from(error: FieldbookError) -> Self {
        use FieldbookError as E;
        match error {
            E::WrongKey => Self::new(Code::WrongKey, "口令不对。", "Wrong passphrase."),
            E::NewerFile { .. } => Self::new(
                Code::NewerFile,
                "本机数据由新版应用写入。请更新应用，数据没有改动。",
                "This book was written by a newer app. Update the app; nothing was touched.",
            ),
            E::NotABook => Self::new(
                Code::NotABook,
                "本机的数据文件不是记录本。请联系主管。",
                "The file here is no fieldbook. Ask your supervisor.",
            ),
            E::Busy => Self::new(
                Code::Busy,
                "已在另一窗口打开，请回到那里。",
                "Already open in another window. Go there.",
            ),
            E::DiskFull => Self::new(
                Code::DiskFull,
                "手机已满，还没保存。清出空间再点保存，内容还在。",
                "Phone full, not saved. Free space, then Save; your text stays.",
            ),
            E::Store(_) => Self::new(
                Code::Store,
                "本机存储出错，还没保存。请重新打开应用再保存。",
                "The phone's storage failed, not saved. Reopen the app and save again.",
            ),
            E::Damaged(_) | E::State(_) | E::Proof(_) => Self::new(
                Code::Damaged,
                "这条记录在本机损坏，已搁置，不能修改；服务器上的还在。请告知主管。",
                "This record is damaged on this phone and set aside; the server has its own. \
                 Tell your supervisor.",
            ),
            E::NotEnrolled => Self::new(
                Code::NotEnrolled,
                "本机还没启用。请向主管领启用码。",
                "This phone is not enrolled. Ask your supervisor for a code.",
            ),
            E::Unsent(count) => Self {
                words: Words::new(
                    format!("还有 {count} 条未送达。请先联网上传。"),
                    format!("{count} not sent yet. Go online and send them first."),
                ),
                ..Self::new(Code::Unsent, "", "")
            },
            E::NoRecord(_) => Self::new(
                Code::NoRecord,
                "本机没有这条记录，可能已移到别的网格。",
                "This record is not on this phone; it may have moved to another grid.",
            ),
            E::NoKind(_) => Self::new(
                Code::NoKind,
                "本机不认识这类记录。请更新应用。",
                "This app does not know this kind of record. Update the app.",
            ),
            E::NoGrid(_) => Self::new(
                Code::NoGrid,
                "这个网格不归本机。",
                "This grid is not one of yours.",
            ),
            E::Invalid(faults) => Self::invalid(faults.iter().map(Fault::of).collect()),
            E::Edit(error) => edit(&error),
            E::TooLarge => Self::new(
                Code::TooLarge,
                "内容太大，还没保存。请删减后再保存。",
                "Too large, not saved. Shorten it and save again.",
            ),
            E::Format(_) | E::Wire(_) => Self::new(
                Code::Format,
                "收到的内容读不懂。请更新应用后再试。",
                "What was received cannot be read. Update the app and try again.",
            ),
            E::Schema(version) => unusable(version),
            E::Signature(_) | E::Seal(_) => Self::new(
                Code::Signature,
                "收到的内容不是出自本机的服务器，没有采用。请告知主管。",
                "What was received is not from your server and was not taken. Tell your supervisor.",
            ),
        }
    }
}

fn edit(error: &EditError) -> Problem {
    match error {
        EditError::NothingChanged => Problem::new(
            Code::Edit,
            "没有改动，不用保存。",
            "Nothing changed; nothing to save.",
        ),
        EditError::Deleted => Problem::new(
            Code::Edit,
            "这条记录已删除，没有保存。",
            "This record was deleted; not saved.",
        ),
        EditError::TooLong(_) | EditError::TooMany => Problem::new(
            Code::TooLarge,
            "内容太大，还没保存。请删减后再保存。",
            "Too large, not saved. Shorten it and save again.",
        ),
        EditError::NoEntry(_) | EditError::NotAField(_) => Problem::new(
            Code::Edit,
            "这一条已被移除，没有保存。请重新添加。",
            "This entry was removed; not saved. Add it again.",
        ),
    }
}

impl From<TransportError> for Problem {
    fn from(error: TransportError) -> Self {
        use TransportError as E;
        match error {
            E::Offline => Self::new(
                Code::Offline,
                "离线。内容已存本机，联网打开时上传。",
                "Offline. Everything is kept here and sent when open and online.",
            ),
            E::Timeout => Self::new(
                Code::Timeout,
                "服务器没有应答。内容已存本机，稍后再试。",
                "The server did not answer. Everything is kept here; try again later.",
            ),
            E::Cancelled => Self::new(
                Code::Cancelled,
                "已停止。送到的不用重传。",
                "Stopped. What was sent need not be sent again.",
            ),
            E::Intercepted | E::Tls => Self::new(
                Code::Intercepted,
                "网络要求登录或被拦截。请换网络，或先登录该网络。",
                "This network wants a sign-in or stands in between. Use another, or sign in to it.",
            ),
            E::Status {
                code,
                retry_after_ms,
            } => Self {
                retry_after_ms,
                ..Self::status(code)
            },
            E::TooLarge | E::Protocol(_) | E::Unsendable(_) => Self::new(
                Code::Server,
                "与服务器的通信出错。内容已存本机，稍后再试。",
                "Talking to the server failed. Everything is kept here; try again later.",
            ),
        }
    }
}

impl Problem {
    /// What the server refused with a status.
    pub fn status(code: u16) -> Self {
        let problem = match code {
            401 | 403 => Self::new(
                Code::Refused,
                "服务器不认本机。内容已存本机，请告知主管。",
                "The server does not accept this phone. Everything is kept here; tell your supervisor.",
            ),
            404 | 410 => Self::new(
                Code::Refused,
                "服务器上没有，或已失效。",
                "The server does not have this, or it has expired.",
            ),
            429 | 500.. => Self::new(
                Code::Server,
                "服务器忙。内容已存本机，稍后再试。",
                "The server is busy. Everything is kept here; try again later.",
            ),
            _ => Self::new(
                Code::Refused,
                "服务器没有接受。内容已存本机，请告知主管。",
                "The server did not accept this. Everything is kept here; tell your supervisor.",
            ),
        };
        Self {
            status: Some(code),
            ..problem
        }
    }
}

impl From<SyncError<FieldbookError>> for Problem {
    fn from(error: SyncError<FieldbookError>) -> Self {
        match error {
            SyncError::Session(SessionError::Desk(error)) => error.into(),
            SyncError::Session(SessionError::Response(error)) => {
                FieldbookError::Format(error).into()
            }
            SyncError::Session(SessionError::OutOfTurn) => Self::call(),
            SyncError::Transport(error) => error.into(),
        }
    }
}

/// What a refused ticket means to the person.
pub(super) fn refused_ticket(error: TransportError) -> Problem {
    match error {
        TransportError::Status { code, .. } if (400..429).contains(&code) => Problem {
            status: Some(code),
            ..Problem::new(
                Code::Refused,
                "启用码无效、已用过或已过期。请向主管领新的。",
                "This code is wrong, used up or expired. Ask your supervisor for a new one.",
            )
        },
        other => other.into(),
    }
}
