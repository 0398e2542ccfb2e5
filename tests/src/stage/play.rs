//! The play: step by step, through phones, office and line.

use std::{
    collections::BTreeMap,
    env, fs,
    path::Path,
    thread,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use super::{
    Actor, Reply, Scenario, StageError, Step,
    canon::{Names, by_value, differs, impersonal},
    office::{Office, text},
    valve::{Valve, Way},
};
use crate::server::{Options, Server};

/// The grid that everybody walks, and the street that it is in.
const GRID: &str = "310112001001001";
const STREET: &str = "310112001";
/// Longest time until an answer is as expected, where it is asked for again and again.
const PATIENCE: Duration = Duration::from_secs(60);
const PAUSE: Duration = Duration::from_millis(100);

/// A server with an office, a line, and phones.
pub struct Stage<'a> {
    server: Server,
    office: Office,
    valve: Valve,
    names: Names,
    cast: BTreeMap<String, Box<dyn Actor + 'a>>,
    /// Who plays a phone that the cast does not name.
    others: Option<Box<dyn Actor + 'a>>,
    seen: Vec<Value>,
}

impl<'a> Stage<'a> {
    /// Starts the server and signs the office in.
    pub fn new() -> Result<Self, StageError> {
        let server = Server::start(Options::default())?;
        let program = server.program().to_string_lossy().into_owned();
        let office = Office::open(&server, &program, STREET)?;
        let valve = Valve::to(server.url().trim_start_matches("http://"))?;
        let mut names = Names::default();
        names.keep("server", valve.url().into());
        names.keep("grid", GRID.into());
        for key in 1..=9 {
            names.keep(&format!("key{key}"), format!("{key:02x}").repeat(32).into());
        }
        Ok(Self {
            server,
            office,
            valve,
            names,
            cast: BTreeMap::new(),
            others: None,
            seen: Vec::new(),
        })
    }

    /// Who plays a phone.
    pub fn cast(&mut self, phone: &str, actor: impl Actor + 'a) {
        self.cast.insert(phone.to_owned(), Box::new(actor));
    }

    /// Who plays every phone that nobody else does.
    pub fn cast_others(&mut self, actor: impl Actor + 'a) {
        self.others = Some(Box::new(actor));
    }

    /// A folder that lives as long as the stage, for books.
    pub fn folder(&self) -> &Path {
        self.server.folder()
    }

    /// Plays it to the end, or to the first answer that is not as expected, and compares what the
    /// phones saw, one JSON line a step, with a file; with `GOLDEN=write` it is written there.
    pub fn play(&mut self, scenario: &Scenario, golden: &Path) -> Result<(), StageError> {
        for (number, step) in scenario.steps.iter().enumerate() {
            self.step(step).map_err(|error| match error {
                StageError::Script(why) | StageError::Office(why) => {
                    StageError::Unexpected(number + 1, step.say.clone(), why)
                }
                other => other,
            })?;
        }
        let seen: Vec<String> = self.seen.iter().map(ToString::to_string).collect();
        if env::var_os("GOLDEN").is_some_and(|value| value == "write") {
            fs::write(golden, seen.join("\n") + "\n")?;
        }
        let golden = fs::read_to_string(golden)?;
        let expected: Result<Vec<Value>, _> = golden.lines().map(serde_json::from_str).collect();
        for (wanted, found) in expected?.iter().zip(&self.seen) {
            if let Some(why) = differs(wanted, found, "").or_else(|| differs(found, wanted, "")) {
                let say = text(wanted, "say").to_owned();
                return Err(StageError::Script(format!("seen at {say}: {why}")));
            }
        }
        if golden.lines().count() == seen.len() {
            Ok(())
        } else {
            Err(StageError::Script("not as many answers".to_owned()))
        }
    }

    fn step(&mut self, step: &Step) -> Result<(), StageError> {
        if let Some(way) = &step.line {
            return self.set_line(way);
        }
        let args = self.names.fill(&step.args);
        if let Some(act) = &step.office {
            let made = self.at_the_office(act, &args)?;
            return self.keep(step, &made);
        }
        if !step.agree.is_empty() {
            return self.all_agree(step, &args);
        }
        let phone = step.phone.as_deref();
        let phone = phone.ok_or_else(|| StageError::Script("nobody does it".to_owned()))?;
        let begun = Instant::now();
        loop {
            let reply = self.ask(phone, &step.op, &args)?;
            let difference = self.judge(step, &reply)?;
            match difference {
                Some(why) if !step.until || begun.elapsed() > PATIENCE => {
                    return Err(StageError::Script(why));
                }
                Some(_) => thread::sleep(PAUSE),
                None => {
                    self.note(step, phone, &reply);
                    return Ok(());
                }
            }
        }
    }

    /// What is wrong with a reply; otherwise its parts are kept.
    fn judge(&mut self, step: &Step, reply: &Reply) -> Result<Option<String>, StageError> {
        let answer = match (reply, &step.error) {
            (Err(problem), Some(code)) if text(problem, "code") == code => problem,
            (Ok(answer), None) => answer,
            (Ok(answer), Some(code)) => return Ok(Some(format!("{answer}, not {code}"))),
            (Err(problem), _) => return Ok(Some(problem.to_string())),
        };
        self.keep(step, answer)?;
        let found = self.names.canonical(answer);
        let expected = self.names.canonical(&self.names.fill(&step.expect));
        Ok(match expected {
            Value::Null => None,
            expected => differs(&expected, &found, ""),
        })
    }

    fn note(&mut self, step: &Step, phone: &str, reply: &Reply) {
        let (name, answer) = match reply {
            Ok(answer) => ("ok", answer),
            Err(problem) => ("error", problem),
        };
        let seen = self.names.canonical(answer);
        self.seen
            .push(json!({"say": step.say, "phone": phone, "op": step.op, name: seen}));
    }

    fn all_agree(&mut self, step: &Step, args: &Value) -> Result<(), StageError> {
        let mut first = None;
        for phone in &step.agree {
            let reply = self.ask(phone, &step.op, args)?;
            if let Some(why) = self.judge(step, &reply)? {
                return Err(StageError::Script(format!("{phone}: {why}")));
            }
            // Times and values too: they are of one play.
            let answer = impersonal(&sorted(&reply.unwrap_or_default()));
            let first = first.get_or_insert_with(|| answer.clone());
            if let Some(why) = differs(first, &answer, "").or_else(|| differs(&answer, first, "")) {
                return Err(StageError::Script(format!("{phone}: {why}")));
            }
        }
        Ok(())
    }

    fn ask(&mut self, phone: &str, op: &str, args: &Value) -> Result<Reply, StageError> {
        let actor = self.cast.get_mut(phone).or(self.others.as_mut());
        let nobody = || StageError::Script(format!("nobody plays {phone}"));
        actor.ok_or_else(nobody)?.ask(phone, op, args)
    }

    fn keep(&mut self, step: &Step, answer: &Value) -> Result<(), StageError> {
        for (name, pointer) in &step.keep {
            let part = answer.pointer(pointer);
            let none = || StageError::Script(format!("{pointer} is not there: {answer}"));
            self.names.keep(name, part.ok_or_else(none)?.clone());
        }
        Ok(())
    }

    fn at_the_office(&self, act: &str, args: &Value) -> Result<Value, StageError> {
        let of = |key| text(args, key);
        match act {
            "ticket" => {
                let ticket = self.server.ticket(of("inspector"), &[GRID])?;
                return Ok(json!({"ticket": ticket}));
            }
            "confirm" => {
                let none = Value::Null;
                let words = args.get("words").unwrap_or(&none);
                self.office.confirm(of("device"), words)?;
            }
            "revoke" => self.office.revoke(of("device"))?,
            "recover" => self.office.recover(of("device"))?,
            "decide" => {
                let none = Value::Null;
                let value = args.get("value").unwrap_or(&none);
                self.office.decide(of("record"), of("key"), value)?;
            }
            other => return Err(StageError::Script(format!("no act {other}"))),
        }
        Ok(Value::Null)
    }

    fn set_line(&self, way: &str) -> Result<(), StageError> {
        match way {
            "pass" => self.valve.set(Way::Pass)?,
            "cut" => self.valve.set(Way::Cut)?,
            "stall" => self.valve.set(Way::Stall)?,
            "wait" if self.valve.wait() => {}
            "wait" => return Err(StageError::Script("no request came".to_owned())),
            other => return Err(StageError::Script(format!("no line {other}"))),
        }
        Ok(())
    }
}

/// Lists whose order is chance, sorted.
fn sorted(answer: &Value) -> Value {
    match answer {
        Value::Object(map) => {
            let sorted = map.iter().map(|(key, value)| {
                let mut value = sorted(value);
                if let (true, Value::Array(list)) = (key == "by", &mut value) {
                    list.sort_by_key(by_value);
                }
                (key.clone(), value)
            });
            sorted.collect::<serde_json::Map<_, _>>().into()
        }
        Value::Array(list) => list.iter().map(sorted).collect(),
        other => other.clone(),
    }
}
