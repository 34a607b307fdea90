//! The types of sinks, and the keys of each.

use std::path::{Path, PathBuf};
use std::time::Duration;

use http::{HeaderName, HeaderValue};
use webhook_inbox::Consumer;
use webhook_inbox::sinks::{
    CONNECT_TIMEOUT, CloudEventsMode, ExecSink, FileSink, Format, HttpSink, Rotation, SEND_TIMEOUT,
    SigningSecret, SlackSink,
};
#[cfg(feature = "nats")]
use webhook_inbox::sinks::{NatsCredentials, NatsSink};

use super::Section;
use crate::output::{plain, warn};
use crate::run::section::Text;
use crate::secrets;

/// The values of `type`.
pub(super) const WORDS: [&str; 5] = ["http", "exec", "slack", "nats", "file"];

/// A sink of one type, created only from its configuration.
pub(super) enum Kind {
    Http(Box<HttpSink>),
    Exec(ExecSink, PathBuf),
    Slack(Box<SlackSink>),
    #[cfg(feature = "nats")]
    Nats(Box<NatsSink>),
    File(PathBuf, Rotation),
}

impl Kind {
    pub(super) fn of(word: &str, section: &mut Section, allow_private: bool) -> Option<Self> {
        match word {
            "http" => http(section, allow_private),
            "exec" => exec(section),
            "slack" => slack(section, allow_private),
            "nats" => nats(section),
            _ => file(section),
        }
    }

    pub(super) fn describe(&self) -> String {
        match self {
            Self::Http(sink) if sink.is_signed() => "http, signed".to_owned(),
            Self::Http(_) => "http, not signed".to_owned(),
            Self::Exec(_, program) => format!("exec {}", program.display()),
            Self::Slack(_) => "slack".to_owned(),
            #[cfg(feature = "nats")]
            Self::Nats(_) => "nats".to_owned(),
            Self::File(path, _) => format!("file {}", path.display()),
        }
    }

    /// The file that the sink writes, if it does.
    pub(super) fn file(&self) -> Option<&Path> {
        match self {
            Self::File(path, _) => Some(path),
            _ => None,
        }
    }

    pub(super) fn attach(self, consumer: Consumer) -> Result<Consumer, String> {
        Ok(match self {
            Self::Http(sink) => consumer.sink(*sink),
            Self::Exec(sink, _) => consumer.sink(sink),
            Self::Slack(sink) => consumer.sink(*sink),
            #[cfg(feature = "nats")]
            Self::Nats(sink) => consumer.sink(*sink),
            Self::File(path, rotation) => {
                consumer.sink(FileSink::open(path, rotation).map_err(|error| error.to_string())?)
            }
        })
    }
}

fn http(section: &mut Section, allow_private: bool) -> Option<Kind> {
    let url = url(section, &["url", "url_env", "url_file"]);
    let secrets = signing_secrets(section);
    let headers = headers(section);
    let format = match (
        section.choice("format", &["exact", "cloudevents"]),
        section.choice("mode", &["structured", "binary"]),
    ) {
        (Some("cloudevents"), Some("binary")) => Format::CloudEvents(CloudEventsMode::Binary),
        (Some("cloudevents"), _) => Format::CloudEvents(CloudEventsMode::Structured),
        (_, Some(_)) => section.problem("mode requires format = \"cloudevents\"")?,
        _ => Format::Exact,
    };
    let (connect, total) = timeouts(section);
    let allow_private = section.flag("allow_private") || allow_private;
    let url = url?;
    let sink = made(section, &url, HttpSink::to(&url.value))?;
    let mut sink =
        sink.format(format).timeouts(connect, total).allow_private(allow_private || url.is_configured);
    for secret in secrets? {
        sink = sink.signed_with(secret);
    }
    for Header { name, value, place } in headers? {
        sink = match sink.header(name, value) {
            Ok(sink) => sink,
            Err(error) => return section.problem_at(&place, &error.to_string()),
        };
    }
    Some(Kind::Http(Box::new(sink)))
}

fn slack(section: &mut Section, allow_private: bool) -> Option<Kind> {
    let url = url(section, &["url_env", "url_file"]);
    let (connect, total) = timeouts(section);
    let allow_private = section.flag("allow_private") || allow_private;
    let url = url?;
    let sink = made(section, &url, SlackSink::to(&url.value))?;
    Some(Kind::Slack(Box::new(sink.timeouts(connect, total).allow_private(allow_private))))
}

fn exec(section: &mut Section) -> Option<Kind> {
    let directory = section.path("directory");
    let command = section.texts("command");
    let environment = section.texts("environment");
    let timeout = section.time("timeout");
    let Some((program, arguments)) = command.split_first() else {
        return section.problem("command is missing, such as command = [\"./ticket.sh\"]");
    };
    if let Some(directory) = directory.as_ref().filter(|directory| !directory.is_dir()) {
        section.problem::<()>(&format!("there is no folder {}", directory.display()));
    }
    let Some(path) = executable(&program.value) else {
        return section.problem_at(&program.place, "there is no program of this name that can be run");
    };
    // It is searched now, so that the working folder does not matter.
    let mut sink = ExecSink::new(&path).arguments(arguments.iter().map(|argument| &argument.value));
    for variable in &environment {
        if variable.value.contains(['=', '\0']) {
            return section.problem_at(
                &variable.place,
                "expected the names of variables; a value does not belong there",
            );
        }
        if std::env::var_os(&variable.value).is_none() {
            let (place, name) = (&variable.place, &variable.value);
            warn(&plain(&format!("{place}: the variable {name} is not set")));
        }
        sink = sink.variable(&variable.value);
    }
    if let Some(directory) = directory {
        sink = sink.directory(directory);
    }
    if let Some(timeout) = timeout {
        sink = sink.timeout(timeout);
    }
    Some(Kind::Exec(sink, path))
}

fn file(section: &mut Section) -> Option<Kind> {
    let path = section.text("path");
    let rotation = match (section.choice("rotate", &["daily"]), section.number("max_bytes", u64::MAX)) {
        (Some(_), Some(_)) => section.problem("rotate and max_bytes are both set: set one")?,
        (Some(_), None) => Rotation::Daily,
        (None, Some(bytes)) => Rotation::Size(bytes),
        (None, None) => Rotation::Never,
    };
    let Some(Text { value, place, .. }) = path else { return section.problem("path is missing") };
    let path = PathBuf::from(&value);
    if path.is_dir() || value.ends_with(std::path::is_separator) {
        return section.problem_at(&place, "is a folder; a file is needed");
    }
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    if let Some(folder) = folder.filter(|folder| !folder.is_dir()) {
        section.problem::<()>(&format!("there is no folder {}", folder.display()));
    }
    Some(Kind::File(path, rotation))
}

#[cfg(feature = "nats")]
fn nats(section: &mut Section) -> Option<Kind> {
    let url = section.text("url");
    let stream = section.text("stream");
    let authorities = section.file("ca_file");
    let credentials = credentials(section);
    let Some(url) = url else { return section.problem("url is missing, such as nats://localhost:4222") };
    let mut sink = made(section, &url, NatsSink::to(&url.value))?;
    if let Some(stream) = stream {
        sink = sink.create_stream(stream.value);
    }
    if let Some(authorities) = authorities {
        sink = sink.trust(authorities);
    }
    for credentials in credentials? {
        sink = sink.credentials(credentials);
    }
    Some(Kind::Nats(Box::new(sink)))
}

/// The optional credentials for the server; `None` if the configured ones cannot be used.
#[cfg(feature = "nats")]
fn credentials(section: &mut Section) -> Option<Vec<NatsCredentials>> {
    let file = section.file("credentials_file");
    let token = secret_text(section, "token_env", "token_file");
    let user = section.text("user");
    let password = secret_text(section, "password_env", "password_file");
    let mut all = Vec::new();
    all.extend(file.map(NatsCredentials::File));
    all.extend(token?.into_iter().map(|token| NatsCredentials::Token(token.value)));
    match (user, password?.pop()) {
        (Some(user), Some(password)) => all.push(NatsCredentials::User(user.value, password.value)),
        (Some(_), None) => section.problem("password_env or password_file is missing")?,
        (None, Some(_)) => section.problem("user is missing")?,
        (None, None) => {}
    }
    if all.len() > 1 {
        return section
            .problem("only one of credentials_file, a token, and a user with a password may be set");
    }
    Some(all)
}

#[cfg(not(feature = "nats"))]
fn nats(section: &mut Section) -> Option<Kind> {
    section.forget();
    section.problem("this program is built without the feature `nats`")
}

/// The sink, or an error about its URL.
fn made<T>(section: &mut Section, url: &Text, sink: Result<T, webhook_inbox::Error>) -> Option<T> {
    sink.map_err(|error| section.problem_at::<()>(&url.place, &error.to_string())).ok()
}

/// The URL in one of these keys.
fn url(section: &mut Section, keys: &[&'static str]) -> Option<Text> {
    let mut found: Vec<Text> = Vec::new();
    let mut failed = false;
    for key in keys {
        let Some(text) = section.text(key) else { continue };
        let read = match key.rsplit_once('_') {
            Some((_, "env")) => secrets::in_variable(&text.value),
            Some((_, "file")) => secrets::in_file(Path::new(&text.value)),
            _ => {
                found.push(text);
                continue;
            }
        };
        match read {
            Ok(value) => found.push(Text { value, is_configured: false, ..text }),
            Err(error) => {
                failed = true;
                section.problem_at::<()>(&text.place, &error);
            }
        }
    }
    match (found.pop(), found.is_empty()) {
        (Some(url), true) => Some(url),
        (None, _) if failed => None,
        (None, _) => section.problem(&format!("{} is missing", keys.join(" or "))),
        (Some(_), false) => section.problem(&format!("only one of {} may be set", keys.join(", "))),
    }
}

/// The secrets to sign with; none if `unsigned` is set.
fn signing_secrets(section: &mut Section) -> Option<Vec<SigningSecret>> {
    let texts = secret_texts(section, "secret_env", "secret_file");
    let unsigned = section.flag("unsigned");
    let texts = texts?;
    match (texts.is_empty(), unsigned) {
        (true, false) => {
            return section
                .problem("secret_env or secret_file is missing; unsigned = true sends without a signature");
        }
        (false, true) => return section.problem("unsigned contradicts the secret: remove one of them"),
        _ => {}
    }
    let mut secrets = Vec::new();
    for text in texts {
        match SigningSecret::new(&text.value) {
            Ok(secret) => secrets.push(secret),
            Err(error) => return section.problem_at(&text.place, &error.to_string()),
        }
    }
    Some(secrets)
}

/// The secrets in variables and files; `None` when one cannot be read.
fn secret_texts(
    section: &mut Section,
    by_variable: &'static str,
    by_file: &'static str,
) -> Option<Vec<Text>> {
    let (variables, files) = (section.texts(by_variable), section.texts(by_file));
    if !variables.is_empty() && !files.is_empty() {
        return section.problem(&format!("{by_variable} and {by_file} are both set: set one"));
    }
    let mut secrets = Vec::new();
    let variables = variables.into_iter().map(|text| (secrets::in_variable(&text.value), text));
    let files = files.into_iter().map(|text| (secrets::in_file(Path::new(&text.value)), text));
    for (read, text) in variables.chain(files) {
        match read {
            Ok(value) => secrets.push(Text { value, ..text }),
            Err(error) => return section.problem_at(&text.place, &error),
        }
    }
    Some(secrets)
}

/// The secret in a variable or a file: none or one; `None` when it cannot be read.
#[cfg(feature = "nats")]
fn secret_text(section: &mut Section, by_variable: &'static str, by_file: &'static str) -> Option<Vec<Text>> {
    let secrets = secret_texts(section, by_variable, by_file)?;
    if secrets.len() > 1 {
        return section.problem(&format!("{by_variable} and {by_file}: only one secret may be named"));
    }
    Some(secrets)
}

/// A header of a request, and the position of its key.
struct Header {
    name: HeaderName,
    value: HeaderValue,
    place: String,
}

/// `headers_env = ["authorization=CRM_AUTHORIZATION"]`: headers whose values are in variables.
fn headers(section: &mut Section) -> Option<Vec<Header>> {
    let mut headers = Vec::new();
    for text in section.texts("headers_env") {
        let header = text
            .value
            .split_once('=')
            .and_then(|(name, variable)| Some((name.parse::<HeaderName>().ok()?, variable)));
        let Some((name, variable)) = header else {
            return section.problem_at(
                &text.place,
                "expected HEADER=VARIABLE, such as authorization=CRM_AUTHORIZATION",
            );
        };
        match secrets::in_variable(variable).map(HeaderValue::try_from) {
            Ok(Ok(value)) => headers.push(Header { name, value, place: text.place }),
            Ok(Err(_)) => {
                return section.problem_at(
                    &text.place,
                    &format!("the variable {variable} does not contain a valid header value"),
                );
            }
            Err(error) => return section.problem_at(&text.place, &error),
        }
    }
    Some(headers)
}

fn timeouts(section: &mut Section) -> (Duration, Duration) {
    let connect = section.time("connect_timeout");
    let total = section.time("timeout").unwrap_or(SEND_TIMEOUT);
    if let Some(connect) = connect.filter(|connect| *connect > total) {
        section.problem::<()>(&format!("connect_timeout, {connect:?}, is longer than timeout, {total:?}"));
    }
    (connect.unwrap_or(CONNECT_TIMEOUT), total)
}

/// The program of this path or name, absolute.
fn executable(program: &str) -> Option<PathBuf> {
    let is_path = program.contains(std::path::MAIN_SEPARATOR);
    let paths = std::env::var_os("PATH").filter(|_| !is_path);
    let candidates = match &paths {
        Some(paths) => std::env::split_paths(paths).map(|folder| folder.join(program)).collect(),
        None => vec![PathBuf::from(program)],
    };
    let found = candidates.into_iter().find(|path| can_run(path))?;
    std::path::absolute(found).ok()
}

#[cfg(unix)]
fn can_run(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;

    path.metadata().is_ok_and(|file| file.is_file() && file.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn can_run(path: &Path) -> bool {
    path.is_file() || path.with_extension("exe").is_file()
}
