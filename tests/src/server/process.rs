//! One server process: started, killed, stopped, started again.

use std::{
    fs::File,
    io::{self, BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc,
    time::{Duration, Instant},
};

use thiserror::Error;

use super::{Folder, binary::gridbook};

/// Time in which a server must listen, with a journal to catch up on.
const START: Duration = Duration::from_secs(60);
/// Time in which a server that was told to stop must end.
const STOP: Duration = Duration::from_secs(30);
/// Lines of the log that are shown when a test fails.
const SHOWN: usize = 60;

/// How a server is started.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Further flags of `gridbook serve`.
    pub flags: Vec<String>,
    /// How far the server's clock is from the machine's, ms.
    pub clock_offset_ms: i64,
    /// A data folder that exists; else one that goes with the server.
    pub data: Option<PathBuf>,
}

impl Options {
    /// The same with one more flag and its value.
    #[must_use]
    pub fn with(mut self, flag: &str, value: impl std::fmt::Display) -> Self {
        self.flags.push(format!("{flag}={value}"));
        self
    }
}

/// Why there is no server.
#[derive(Debug, Error)]
pub enum ServerError {
    /// The program does not build.
    #[error("gridbook cannot be built")]
    Build,
    /// The system.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// It ended or said nothing; its log is on standard error.
    #[error("the server did not start")]
    Start,
    /// It did not end in time.
    #[error("the server did not stop")]
    Stop,
    /// A command failed.
    #[error("the command failed: {0}")]
    Command(String),
}

/// A running server. Dropped, it is killed; its log is shown if the test has failed.
#[derive(Debug)]
pub struct Server {
    child: Option<Child>,
    pub(super) program: PathBuf,
    options: Options,
    folder: Folder,
    data: PathBuf,
    /// Once known, kept over restarts.
    address: String,
}

impl Server {
    /// Builds the program if need be, and starts it.
    pub fn start(options: Options) -> Result<Self, ServerError> {
        let folder = Folder::new()?;
        let data = options.data.clone();
        let mut server = Self {
            child: None,
            program: gridbook()?,
            data: data.unwrap_or_else(|| folder.path().join("data")),
            options,
            folder,
            address: "127.0.0.1:0".to_owned(),
        };
        server.launch()?;
        Ok(server)
    }

    /// Where it listens: `http://127.0.0.1:…`, the same after a restart.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Its data.
    pub fn data(&self) -> &Path {
        &self.data
    }

    /// The program that it runs.
    pub fn program(&self) -> &Path {
        &self.program
    }

    /// A folder that lives as long as it, for phones' books.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Its process number, while it runs.
    pub fn pid(&self) -> Option<u32> {
        self.child.as_ref().map(Child::id)
    }

    /// What it logged, over all its starts.
    pub fn log(&self) -> String {
        std::fs::read_to_string(self.log_path()).unwrap_or_default()
    }

    /// Its options, for the next start.
    pub const fn options_mut(&mut self) -> &mut Options {
        &mut self.options
    }

    /// Kills it, as a power cut would as far as the process goes.
    pub fn kill9(&mut self) -> Result<(), ServerError> {
        if let Some(mut child) = self.child.take() {
            child.kill()?;
            child.wait()?;
        }
        Ok(())
    }

    /// Tells it to stop (SIGTERM) and waits until it has.
    pub fn terminate(&mut self) -> Result<ExitStatus, ServerError> {
        self.ask_to_stop()?;
        self.stopped()
    }

    /// Tells it to stop (SIGTERM).
    pub fn ask_to_stop(&self) -> Result<(), ServerError> {
        let pid = self.pid().ok_or(ServerError::Stop)?.to_string();
        Command::new("kill").args(["-TERM", &pid]).status()?;
        Ok(())
    }

    /// Waits until it has stopped, as it was told.
    pub fn stopped(&mut self) -> Result<ExitStatus, ServerError> {
        let Some(mut child) = self.child.take() else {
            return Err(ServerError::Stop);
        };
        let until = Instant::now() + STOP;
        while Instant::now() < until {
            if let Some(status) = child.try_wait()? {
                return Ok(status);
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        child.kill()?;
        child.wait()?;
        Err(ServerError::Stop)
    }

    /// Starts it again over the same data, on the same port. Killed first if it still runs.
    pub fn restart(&mut self) -> Result<(), ServerError> {
        self.kill9()?;
        self.launch()
    }

    fn launch(&mut self) -> Result<(), ServerError> {
        let log = File::options()
            .create(true)
            .append(true)
            .open(self.log_path())?;
        let mut child = Command::new(&self.program)
            .arg("serve")
            .args(["--listen", &self.address])
            .arg("--data")
            .arg(&self.data)
            .args(&self.options.flags)
            .args(self.clock_flags())
            .env("RUST_BACKTRACE", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()?;
        let stdout = child.stdout.take();
        self.child = Some(child);
        let (tell, told) = mpsc::channel();
        std::thread::spawn(move || {
            for line in stdout
                .into_iter()
                .flat_map(|out| BufReader::new(out).lines())
            {
                let Ok(line) = line else { return };
                if let Some(address) = line.strip_prefix("listening on http://") {
                    let _ = tell.send(address.to_owned());
                }
            }
        });
        // A server that ends closes its output, and with it the channel.
        let Ok(address) = told.recv_timeout(START) else {
            self.show_log();
            return Err(ServerError::Start);
        };
        self.address = address;
        Ok(())
    }

    pub(super) const fn clock_offset_ms(&self) -> i64 {
        self.options.clock_offset_ms
    }

    pub(super) fn clock_flags(&self) -> Vec<String> {
        match self.options.clock_offset_ms {
            0 => Vec::new(),
            ms => vec!["--clock-offset-ms".to_owned(), ms.to_string()],
        }
    }

    fn log_path(&self) -> PathBuf {
        self.folder.path().join("server.log")
    }

    #[expect(clippy::print_stderr, reason = "the log of a failed test")]
    fn show_log(&self) {
        let log = self.log();
        let lines: Vec<&str> = log.lines().collect();
        let from = lines.len().saturating_sub(SHOWN);
        eprintln!("the server's log, last lines:");
        for line in lines.iter().skip(from) {
            eprintln!("  {line}");
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.kill9();
        if std::thread::panicking() {
            self.show_log();
        }
    }
}
