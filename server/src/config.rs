//! Settings: from a file, the environment and flags, the later ones first.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    time::Duration,
};

use schemas::access::Role;
use serde::{Deserialize, Serialize};

use crate::{
    error::{Error, Result},
    identity::sessions::Session,
};

/// How a server runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Folder of keys.db, journal.db, main.db and files.
    pub data: PathBuf,
    /// Where it listens.
    pub listen: SocketAddr,
    /// File of the master key.
    pub master_key: PathBuf,
    /// Bytes that the files of the whole server may take.
    pub max_files_bytes: u64,
    /// Bytes of unfinished uploads that one device may have.
    pub max_device_upload_bytes: u64,
    /// The address that phones and consoles know it by, for links.
    pub public_url: String,
    /// How logs are written.
    pub log_format: LogFormat,
    /// Which logs are written, as `tracing` reads it: `info`, `gridbook_server=debug`.
    pub log: String,
    /// Bounds of requests and connections.
    pub limits: Limits,
    /// Roles of the console that need a second factor.
    pub second_factor: Vec<Role>,
    /// Added to the machine's clock, ms: for tests of what happens later.
    pub clock_offset_ms: i64,
}

/// Bounds of requests and connections.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Connections open at once.
    pub connections: usize,
    /// Requests under way at once.
    pub requests: usize,
    /// Live streams open at once.
    pub live_streams: usize,
    /// Time in which a request's head must have come.
    pub head: Duration,
    /// Time in which the next piece of a body must have come.
    pub body_pause: Duration,
    /// Time in which a whole body must have come.
    pub body: Duration,
    /// Time that a request may take.
    pub request: Duration,
    /// Time that a client may leave an answer unread.
    pub unread: Duration,
    /// Time that requests under way have when the server stops.
    pub shutdown: Duration,
}

/// How logs are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, clap::ValueEnum)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// Lines for people.
    #[default]
    Text,
    /// A JSON object a line.
    Json,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 4_096,
            requests: 256,
            live_streams: 2_048,
            head: Duration::from_secs(10),
            body_pause: Duration::from_secs(15),
            body: Duration::from_secs(120),
            request: Duration::from_secs(60),
            unread: Duration::from_secs(60),
            shutdown: Duration::from_secs(20),
        }
    }
}

impl Config {
    /// Whether somebody has to set up a second factor before anything else.
    pub fn wants_factor(&self, session: &Session) -> bool {
        self.second_factor.contains(&session.principal.role) && !session.second_factor
    }

    /// The defaults, with data and master key in this folder: for tests and trials. A server that
    /// people rely on keeps its master key elsewhere.
    pub fn in_folder(data: impl Into<PathBuf>) -> Self {
        let data = data.into();
        Self {
            master_key: data.join("master.key"),
            data,
            listen: SocketAddr::from(([127, 0, 0, 1], 8080)),
            max_files_bytes: 200 * 1024 * 1024 * 1024,
            max_device_upload_bytes: 256 * 1024 * 1024,
            public_url: "http://127.0.0.1:8080".to_owned(),
            log_format: LogFormat::Text,
            log: "info".to_owned(),
            limits: Limits::default(),
            second_factor: Vec::new(),
            clock_offset_ms: 0,
        }
    }

    /// The defaults under what is set: `settings` is what environment and flags say, over what
    /// the file says.
    pub fn from_settings(file: Settings, settings: Settings) -> Result<Self> {
        let set = settings.over(file);
        let data = set.data.unwrap_or_else(|| PathBuf::from("gridbook-data"));
        let mut config = Self::in_folder(data);
        config.master_key = set.master_key.unwrap_or_else(|| beside(&config.data));
        take(&mut config.listen, set.listen);
        config.public_url = set
            .public_url
            .unwrap_or_else(|| format!("http://{}", config.listen));
        take(&mut config.max_files_bytes, set.max_files_bytes);
        let of_device = set.max_device_upload_bytes;
        take(&mut config.max_device_upload_bytes, of_device);
        take(&mut config.log_format, set.log_format);
        take(&mut config.log, set.log);
        if let Some(names) = &set.second_factor {
            config.second_factor = roles(names)?;
        }
        take(&mut config.clock_offset_ms, set.clock_offset_ms);
        let limits = &mut config.limits;
        take(&mut limits.connections, set.max_connections);
        take(&mut limits.requests, set.max_requests);
        take(&mut limits.live_streams, set.max_live_streams);
        for (to, seconds) in [
            (&mut limits.head, set.head_timeout_s),
            (&mut limits.body_pause, set.body_pause_s),
            (&mut limits.body, set.body_timeout_s),
            (&mut limits.request, set.request_timeout_s),
            (&mut limits.unread, set.unread_timeout_s),
            (&mut limits.shutdown, set.shutdown_timeout_s),
        ] {
            take(to, seconds.map(|s| Duration::from_secs(u64::from(s))));
        }
        let some = limits.connections > 0 && limits.requests > 0;
        if !some {
            return Err(Error::invalid("max_requests", "must be more than 0"));
        }
        Ok(config)
    }

    /// The settings that make this configuration, as a file holds them.
    pub fn to_settings(&self) -> Settings {
        let seconds = |time: Duration| u32::try_from(time.as_secs()).ok();
        Settings {
            data: Some(self.data.clone()),
            listen: Some(self.listen),
            master_key: Some(self.master_key.clone()),
            public_url: Some(self.public_url.clone()),
            max_files_bytes: Some(self.max_files_bytes),
            max_device_upload_bytes: Some(self.max_device_upload_bytes),
            log_format: Some(self.log_format),
            log: Some(self.log.clone()),
            max_connections: Some(self.limits.connections),
            max_requests: Some(self.limits.requests),
            max_live_streams: Some(self.limits.live_streams),
            head_timeout_s: seconds(self.limits.head),
            body_pause_s: seconds(self.limits.body_pause),
            body_timeout_s: seconds(self.limits.body),
            request_timeout_s: seconds(self.limits.request),
            unread_timeout_s: seconds(self.limits.unread),
            shutdown_timeout_s: seconds(self.limits.shutdown),
            second_factor: (!self.second_factor.is_empty()).then(|| {
                let names: Vec<&str> = self
                    .second_factor
                    .iter()
                    .map(|role| role.as_str())
                    .collect();
                names.join(",")
            }),
            clock_offset_ms: (self.clock_offset_ms != 0).then_some(self.clock_offset_ms),
        }
    }
}

/// Beside the data folder, so that a copy of the folder does not hold the key to it.
fn beside(data: &Path) -> PathBuf {
    let name = data.file_name().unwrap_or_default().to_string_lossy();
    data.with_file_name(format!("{name}-master.key"))
}

/// Roles of the console by their names, with commas between them.
fn roles(names: &str) -> Result<Vec<Role>> {
    let unknown = || Error::invalid("second_factor", "a role of the console that there is not");
    let of_console = |role: &Role| *role != Role::Inspector;
    names
        .split(',')
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(|name| Role::parse(name).filter(of_console).ok_or_else(unknown))
        .collect()
}

fn take<T>(to: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *to = value;
    }
}

macro_rules! settings {
    ($($(#[$meta:meta])* $name:ident: $type:ty,)*) => {
        /// What a file, the environment or flags may set. A name that is none of these is an error.
        #[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize, clap::Args)]
        #[serde(deny_unknown_fields, default)]
        pub struct Settings {
            $(
                $(#[$meta])*
                #[serde(skip_serializing_if = "Option::is_none")]
                pub $name: Option<$type>,
            )*
        }

        impl Settings {
            /// These where they say something, `under` where they do not.
            #[must_use]
            pub fn over(self, under: Self) -> Self {
                Self { $($name: self.$name.or(under.$name),)* }
            }
        }
    };
}

settings! {
    /// Folder of the data; made if it is not there. [default: gridbook-data]
    #[arg(long, env = "GRIDBOOK_DATA", value_name = "FOLDER")]
    data: PathBuf,
    /// File of the master key; made the first time. Keep a copy elsewhere: without it the data
    /// cannot be read. [default: beside the data folder]
    #[arg(long, env = "GRIDBOOK_MASTER_KEY", value_name = "FILE")]
    master_key: PathBuf,
    /// Address and port to listen on; port 0 takes a free one. [default: 127.0.0.1:8080]
    #[arg(long, env = "GRIDBOOK_LISTEN", value_name = "ADDRESS")]
    listen: SocketAddr,
    /// The address that phones know the server by. [default: http:// and the address listened on]
    #[arg(long, env = "GRIDBOOK_PUBLIC_URL", value_name = "URL")]
    public_url: String,
    /// Bytes that all files (photos) may take. [default: 200 GiB]
    #[arg(long, env = "GRIDBOOK_MAX_FILES_BYTES", value_name = "BYTES", help_heading = "Limits")]
    max_files_bytes: u64,
    /// Bytes of unfinished uploads that one phone may have. [default: 256 MiB]
    #[arg(long, env = "GRIDBOOK_MAX_DEVICE_UPLOAD_BYTES", value_name = "BYTES",
          help_heading = "Limits")]
    max_device_upload_bytes: u64,
    /// Connections open at once. [default: 4096]
    #[arg(long, env = "GRIDBOOK_MAX_CONNECTIONS", value_name = "N", help_heading = "Limits")]
    max_connections: usize,
    /// Requests worked on at once; one more is told to come again. [default: 256]
    #[arg(long, env = "GRIDBOOK_MAX_REQUESTS", value_name = "N", help_heading = "Limits")]
    max_requests: usize,
    /// Live streams open at once. [default: 2048]
    #[arg(long, env = "GRIDBOOK_MAX_LIVE_STREAMS", value_name = "N", help_heading = "Limits")]
    max_live_streams: usize,
    /// Seconds in which a request's head must have come. [default: 10]
    #[arg(long, env = "GRIDBOOK_HEAD_TIMEOUT_S", value_name = "S", help_heading = "Limits")]
    head_timeout_s: u32,
    /// Seconds in which the next piece of a body must have come. [default: 15]
    #[arg(long, env = "GRIDBOOK_BODY_PAUSE_S", value_name = "S", help_heading = "Limits")]
    body_pause_s: u32,
    /// Seconds in which a whole body must have come. [default: 120]
    #[arg(long, env = "GRIDBOOK_BODY_TIMEOUT_S", value_name = "S", help_heading = "Limits")]
    body_timeout_s: u32,
    /// Seconds that the answer to a request may take. [default: 60]
    #[arg(long, env = "GRIDBOOK_REQUEST_TIMEOUT_S", value_name = "S", help_heading = "Limits")]
    request_timeout_s: u32,
    /// Seconds that a client may leave an answer unread. [default: 60]
    #[arg(long, env = "GRIDBOOK_UNREAD_TIMEOUT_S", value_name = "S", help_heading = "Limits")]
    unread_timeout_s: u32,
    /// Seconds that requests under way have when the server is told to stop. [default: 20]
    #[arg(long, env = "GRIDBOOK_SHUTDOWN_TIMEOUT_S", value_name = "S", help_heading = "Limits")]
    shutdown_timeout_s: u32,
    /// Roles of the console that need a second factor, with commas between them:
    /// `administrator,auditor`. Who has none may do nothing before it is set up.
    #[arg(long, env = "GRIDBOOK_SECOND_FACTOR", value_name = "ROLES")]
    second_factor: String,
    /// How logs are written. [default: text]
    #[arg(long, env = "GRIDBOOK_LOG_FORMAT", value_name = "FORMAT", help_heading = "Logs")]
    log_format: LogFormat,
    /// Which logs are written: error, warn, info, debug, or by part: `info,gridbook_server=debug`.
    /// [default: info]
    #[arg(long, env = "GRIDBOOK_LOG", value_name = "FILTER", help_heading = "Logs")]
    log: String,
    /// Added to the machine's clock, ms: for tests alone.
    #[arg(long, env = "GRIDBOOK_CLOCK_OFFSET_MS", value_name = "MS", hide = true,
          allow_negative_numbers = true)]
    clock_offset_ms: i64,
}

impl Settings {
    /// Reads a TOML file. The error names the key or line at fault.
    pub fn read(path: &Path) -> Result<Self, SettingsError> {
        let text = std::fs::read_to_string(path).map_err(SettingsError::File)?;
        Self::parse(&text)
    }

    /// The same of a file's text.
    pub fn parse(text: &str) -> Result<Self, SettingsError> {
        toml::from_str(text).map_err(|error| SettingsError::Text(Box::new(error)))
    }
}

/// Why a settings file was not taken.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// It cannot be read.
    #[error("{0}")]
    File(std::io::Error),
    /// It is not TOML, or names what there is not.
    #[error("{0}")]
    Text(Box<toml::de::Error>),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_go_before_the_file_and_the_file_before_defaults() {
        let file = Settings::parse("listen = \"0.0.0.0:9\"\nmax_requests = 5").unwrap();
        let flags = Settings {
            max_requests: Some(7),
            ..Settings::default()
        };
        let config = Config::from_settings(file, flags).unwrap();
        assert_eq!(config.limits.requests, 7);
        assert_eq!(config.listen.port(), 9);
        assert_eq!(config.limits.connections, Limits::default().connections);
        assert_eq!(config.master_key, Path::new("gridbook-data-master.key"));
        let again = Config::from_settings(config.to_settings(), Settings::default()).unwrap();
        assert_eq!(again, config);
    }

    #[test]
    fn roles_that_need_a_second_factor_are_of_the_console() {
        let of =
            |text: &str| Config::from_settings(Settings::parse(text).unwrap(), Settings::default());
        let config = of("second_factor = \"administrator, auditor\"").unwrap();
        assert_eq!(config.second_factor, [Role::Administrator, Role::Auditor]);
        let again = Config::from_settings(config.to_settings(), Settings::default()).unwrap();
        assert_eq!(again, config);
        for wrong in ["king", "inspector", "administrator;auditor"] {
            assert!(
                of(&format!("second_factor = \"{wrong}\"")).is_err(),
                "{wrong}"
            );
        }
    }

    #[test]
    fn an_unknown_key_is_named() {
        let error = Settings::parse("listn = \"0.0.0.0:9\"").unwrap_err();
        assert!(error.to_string().contains("listn"), "{error}");
    }
}
