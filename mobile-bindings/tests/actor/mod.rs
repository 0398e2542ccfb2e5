//! Plays phones of the scenario through the native facade.
#![allow(unreachable_pub, reason = "the tests' own")]

use std::{
    collections::HashMap,
    future::Future,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use gridbook_mobile::native::{
    Book, BookError, KeyStore, KeyStoreError, Recovered, software_keys,
    types::{Form, ShopQuery, SyncReport},
};
use gridbook_tests::stage::{Actor, Reply, StageError};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};
use tokio::{runtime::Runtime, task::JoinHandle};

type Syncing = JoinHandle<Result<SyncReport, BookError>>;

/// A host's own key store, of which the data key may turn out to be another.
struct Keys {
    data_key: Mutex<Vec<u8>>,
    device: Arc<dyn KeyStore>,
}

impl KeyStore for Keys {
    fn data_key(&self) -> Result<Vec<u8>, KeyStoreError> {
        Ok(self.data_key.lock().unwrap().clone())
    }

    fn public_key(&self) -> Result<Vec<u8>, KeyStoreError> {
        self.device.public_key()
    }

    fn sign(&self, message: Vec<u8>) -> Result<Vec<u8>, KeyStoreError> {
        self.device.sign(message)
    }
}

struct Held {
    book: Arc<Book>,
    keys: Arc<Keys>,
    syncing: Option<Syncing>,
}

pub struct Rust {
    runtime: Runtime,
    folder: PathBuf,
    phones: HashMap<String, Held>,
}

impl Rust {
    pub fn new(folder: &Path) -> Self {
        Self {
            runtime: Runtime::new().unwrap(),
            folder: folder.to_owned(),
            phones: HashMap::new(),
        }
    }

    fn wait<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    fn open(&mut self, phone: &str, args: &Value) -> Result<Value, BookError> {
        let path = self.folder.join(format!("{phone}.book"));
        let path = path.to_str().unwrap().to_owned();
        let data_key = bytes(args, "key");
        let device = software_keys(data_key.clone(), bytes(args, "seed"))?;
        let keys = Arc::new(Keys {
            data_key: Mutex::new(data_key),
            device,
        });
        let book = self.wait(Book::open(path, keys.clone(), None))?;
        let held = Held {
            book,
            keys,
            syncing: None,
        };
        self.phones.insert(phone.to_owned(), held);
        Ok(Value::Null)
    }

    /// What goes over the network, or changes the book's state.
    fn slowly(&mut self, phone: &str, op: &str, args: &Value) -> Result<Option<Value>, BookError> {
        let text = |key: &str| args[key].as_str().unwrap_or_default().to_owned();
        let book = self.phones[phone].book.clone();
        Ok(Some(match op {
            "enrol" => {
                let app = "scenario".to_owned();
                written(self.wait(book.enrol(text("server"), text("ticket"), app))?)
            }
            "sync" => written(self.wait(book.sync(None))?),
            "begin_sync" => {
                let syncing = self.runtime.spawn(book.sync(None));
                self.phones.get_mut(phone).unwrap().syncing = Some(syncing);
                Value::Null
            }
            "end_sync" => {
                let syncing = self.phones.get_mut(phone).unwrap().syncing.take();
                written(self.wait(syncing.unwrap()).unwrap()?)
            }
            "cancel_sync" => {
                let syncing = self.phones.get_mut(phone).unwrap().syncing.take();
                let syncing = syncing.unwrap();
                syncing.abort();
                let ended = self.wait(syncing);
                json!(
                    ended
                        .is_err_and(|end| end.is_cancelled())
                        .then_some("cancelled")
                )
            }
            "photo" => hex(&self.wait(book.photo(text("record"), text("sha256")))?),
            "lock" => written(self.wait(book.lock())?),
            "close" => written(self.wait(book.shut())?),
            "unlock" => {
                *self.phones[phone].keys.data_key.lock().unwrap() = bytes(args, "key");
                written(self.wait(book.unlock())?)
            }
            "recovery_copy" => hex(&self.wait(book.recovery_copy())?),
            "recovery_ask" => {
                let (copy, secret) = (bytes(args, "copy"), bytes(args, "secret"));
                written(self.wait(book.recovery_ask(copy, secret))?)
            }
            "recovery_poll" => match self.wait(book.recovery_poll(bytes(args, "secret")))? {
                Recovered::None => json!({"state": "none"}),
                Recovered::Waiting => json!({"state": "waiting"}),
                Recovered::Refused => json!({"state": "refused"}),
                Recovered::Approved { data_key } => {
                    let mut answer = hex(&data_key);
                    answer["state"] = json!("approved");
                    answer
                }
            },
            _ => return Ok(None),
        }))
    }
}

impl Actor for Rust {
    fn ask(&mut self, phone: &str, op: &str, args: &Value) -> Result<Reply, StageError> {
        let answer = match op {
            "open" => self.open(phone, args),
            _ => match self.slowly(phone, op, args) {
                Ok(None) => quickly(&self.phones[phone].book, op, args),
                Ok(Some(answer)) => Ok(answer),
                Err(error) => Err(error),
            },
        };
        Ok(answer.map_err(|error| problem(&error)))
    }
}

fn quickly(book: &Book, op: &str, args: &Value) -> Result<Value, BookError> {
    let text = |key: &str| args[key].as_str().unwrap_or_default();
    let perhaps = |key: &str| args[key].as_str().map(str::to_owned);
    let limit = args["limit"]
        .as_u64()
        .map(|limit| u32::try_from(limit).unwrap());
    Ok(match op {
        "standing" => written(book.standing()?),
        "counts" => written(book.counts()?),
        "schema" => written(book.schema()?),
        "today" => written(book.today(&read::<ShopQuery>(args))?),
        "shops" => written(book.shops(&read::<ShopQuery>(args))?),
        "map" => written(book.map(text("grid"))?),
        "dossier" => written(book.dossier(text("shop"))?),
        "record" => written(book.record(text("record"))?),
        "history" => written(book.history(text("record"), perhaps("key"))?),
        "rows" => written(book.rows(text("kind"), perhaps("shop"), perhaps("text"), limit)?),
        "findings" => {
            let own = args["own"].as_bool().unwrap_or_default();
            written(book.findings(perhaps("shop"), own, limit)?)
        }
        "check" => written(book.check(&form(args))?),
        "save" => written(book.save(&form(args))?),
        "visit" => {
            let changed = args["changed"].as_array().cloned().unwrap_or_default();
            let changed = changed.iter().map(|code| code.as_str().unwrap().to_owned());
            written(book.visit(text("shop"), text("outcome"), changed.collect())?)
        }
        "undo" => written(book.undo(text("record"))?),
        "work" => written(book.work(limit)?),
        "todo" => written(book.todo()?),
        "figures" => written(book.figures()?),
        "judged" => written(book.judged()?),
        "take_schema" => written(book.take_schema()?),
        "photos" => written(book.photos()?),
        "attach" => written(book.attach(text("record"), text("media"), bytes(args, "hex"))?),
        "drop_photo" => written(book.drop_photo(text("record"), text("sha256"))?),
        "drafts" => written(book.drafts()?),
        "put_draft" => written(book.put_draft(text("name"), text("title"), perhaps("body"))?),
        "resolve_returned" => written(book.resolve_returned(args["id"].as_i64().unwrap())?),
        "forget_task" => written(book.forget_task(text("task"))?),
        "waiting" => written(book.waiting()?),
        "is_locked" => json!(book.is_locked()),
        "export_outbox" => json!({"begins": !book.export_outbox()?.is_empty()}),
        "wipe" => written(book.wipe()?),
        "stop" => {
            book.stop();
            Value::Null
        }
        other => panic!("no operation {other}"),
    })
}

/// A form of the scenario, which leaves out what is empty.
fn form(args: &Value) -> Form {
    let mut whole = json!({"values": {}, "added": [], "removed": []});
    for (key, value) in args.as_object().unwrap() {
        whole[key] = value.clone();
    }
    read(&whole)
}

fn problem(error: &BookError) -> Value {
    let BookError::Failed {
        code,
        words,
        faults,
        status,
        ..
    } = error;
    json!({"code": code, "words": words, "faults": faults, "status": status})
}

fn read<T: DeserializeOwned>(args: &Value) -> T {
    let given = if args.is_null() {
        json!({})
    } else {
        args.clone()
    };
    serde_json::from_value(given).unwrap()
}

fn written(answer: impl Serialize) -> Value {
    serde_json::to_value(answer).unwrap()
}

fn hex(bytes: &[u8]) -> Value {
    json!({"hex": schemas::hex::hex(bytes)})
}

fn bytes(args: &Value, key: &str) -> Vec<u8> {
    let text = args[key].as_str().unwrap_or_default();
    let pair = |at: usize| u8::from_str_radix(&text[at..at + 2], 16).unwrap();
    (0..text.len()).step_by(2).map(pair).collect()
}
