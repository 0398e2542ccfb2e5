//! Who plays a phone.

use std::{
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{self, ChildStdin, ChildStdout, Command, Stdio},
};

use serde_json::{Value, json};

use super::StageError;

/// What a phone answered: the answer, or the problem as JSON.
pub type Reply = Result<Value, Value>;

/// Plays phones. A phone has one book, named like the phone, in a folder of the actor's.
pub trait Actor {
    /// Does one operation of a phone's book.
    fn ask(&mut self, phone: &str, op: &str, args: &Value) -> Result<Reply, StageError>;
}

/// A child process: one JSON line in, `{"phone", "op", "args"}`; one out, `{"ok"}` or `{"error"}`.
/// It ends when its input does. Its folder is in `SCENARIO_FOLDER`.
pub struct Child {
    process: process::Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Child {
    /// Starts a command line, as a shell reads it.
    pub fn start(command: &str, folder: &Path) -> Result<Self, StageError> {
        let mut process = Command::new("sh")
            .args(["-c", &format!("exec {command}")])
            .env("SCENARIO_FOLDER", folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let input = process.stdin.take();
        let output = process.stdout.take();
        let output = output.ok_or_else(|| StageError::Script("no output".to_owned()))?;
        Ok(Self {
            process,
            input,
            output: BufReader::new(output),
        })
    }
}

impl Actor for Child {
    fn ask(&mut self, phone: &str, op: &str, args: &Value) -> Result<Reply, StageError> {
        let gone = || StageError::Script(format!("the runner of {phone} has ended"));
        let line = json!({"phone": phone, "op": op, "args": args});
        let input = self.input.as_mut().ok_or_else(gone)?;
        writeln!(input, "{line}")?;
        input.flush()?;
        let mut answer = String::new();
        if self.output.read_line(&mut answer)? == 0 {
            return Err(gone());
        }
        let mut answer: Value = serde_json::from_str(&answer)?;
        Ok(match answer.get_mut("error") {
            Some(error) => Err(error.take()),
            None => Ok(answer.get_mut("ok").map(Value::take).unwrap_or_default()),
        })
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // The end of its input tells it to end.
        self.input = None;
        let _ = self.process.wait();
    }
}
