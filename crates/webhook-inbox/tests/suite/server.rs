//! A real PostgreSQL: the one that `WEBHOOKS_TEST_POSTGRES` names, or one of our own in a temporary folder.
//!
//! Without either, tests are left out and say so; where `CI` is `true`, that is a failure.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use tokio_postgres::NoTls;

/// Starts the server, stops and starts it when told to on its input, and removes it when the input ends: with the tests.
const KEEPER: &str = r#"
start() { "$BIN/postgres" -D "$DATA/db" -k "$DATA" -p "$PORT" -c listen_addresses=127.0.0.1 \
  -c max_connections=300 $OPTIONS >>"$DATA/log" 2>&1 & pid=$!; }
"$BIN/initdb" -D "$DATA/db" -U tester -A trust --no-sync >"$DATA/log" 2>&1 || { echo failed; exit 1; }
start; echo started
while read -r order; do
  case $order in
    stop) kill -QUIT $pid; wait $pid; echo stopped ;;
    start) start; echo started ;;
  esac
done
kill -QUIT $pid; wait $pid; rm -rf "$DATA"
"#;

/// A server that is ours alone.
pub(crate) struct Server {
    port: u16,
    _keeper: Child,
    orders: ChildStdin,
    answers: BufReader<ChildStdout>,
}

impl Server {
    /// A server with these further settings; `None` where PostgreSQL is not installed.
    pub(crate) fn start(options: &str) -> Option<Self> {
        Self::start_with(options, &[])
    }

    /// The same with files of its own, in the folder for which `FOLDER` stands in the settings.
    pub(crate) fn start_with(options: &str, files: &[(&str, String)]) -> Option<Self> {
        let bin = installed()?;
        let folder = tempfile::Builder::new().prefix("inbox-pg").tempdir_in("/tmp").unwrap().keep();
        let options = options.replace("FOLDER", folder.to_str().unwrap());
        for (name, content) in files {
            let mut create = std::fs::File::options();
            // A server refuses a key that others may read.
            create.write(true).create_new(true).mode(0o600);
            create.open(folder.join(name)).unwrap().write_all(content.as_bytes()).unwrap();
        }
        // A port that was free a moment ago.
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let mut command = if is_root() {
            // A server refuses to run as root.
            let user = if bin.starts_with("/usr/lib/postgresql") { "postgres" } else { "nobody" };
            assert!(Command::new("chown").args(["-R", user]).arg(&folder).status().unwrap().success());
            let mut command = Command::new("runuser");
            command.args(["-u", user, "--", "sh", "-c", KEEPER]);
            command
        } else {
            let mut command = Command::new("sh");
            command.args(["-c", KEEPER]);
            command
        };
        let mut keeper = command
            .env("BIN", bin)
            .env("DATA", &folder)
            .env("PORT", port.to_string())
            .env("OPTIONS", options)
            .current_dir("/tmp")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (orders, answers) = (keeper.stdin.take().unwrap(), BufReader::new(keeper.stdout.take().unwrap()));
        let mut server = Self { port, _keeper: keeper, orders, answers };
        assert_eq!(server.answer(), "started");
        Some(server)
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgres://tester@127.0.0.1:{}/{database}?sslmode=disable", self.port)
    }

    /// Stops it as a crash would.
    pub(crate) fn stop(&mut self) {
        writeln!(self.orders, "stop").unwrap();
        assert_eq!(self.answer(), "stopped");
    }

    pub(crate) fn start_again(&mut self) {
        writeln!(self.orders, "start").unwrap();
        assert_eq!(self.answer(), "started");
    }

    fn answer(&mut self) -> String {
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        line.trim().to_owned()
    }

    /// Waits until it takes connections.
    pub(crate) async fn ready(&self) {
        connect(&self.url("postgres")).await;
    }
}

/// A database of its own on the server that the tests of one process share; `None` where there is no server.
pub(crate) async fn database() -> Option<String> {
    static SHARED: OnceLock<Option<Server>> = OnceLock::new();
    static NUMBER: AtomicU32 = AtomicU32::new(0);

    let given = std::env::var("WEBHOOKS_TEST_POSTGRES").ok();
    let name = format!("inbox_{}_{}", std::process::id(), NUMBER.fetch_add(1, Ordering::Relaxed));
    let (admin, url) = if let Some(url) = &given {
        (url.clone(), in_database(url, &name))
    } else {
        let server = SHARED.get_or_init(|| Server::start("")).as_ref();
        let Some(server) = server else {
            left_out();
            return None;
        };
        (server.url("postgres"), server.url(&name))
    };
    let client = connect(&admin).await;
    client.batch_execute(&format!("CREATE DATABASE {name}")).await.unwrap();
    Some(url)
}

/// Says which test is left out, past the capture of the test's output.
pub(crate) fn left_out() {
    let current = std::thread::current();
    let test = current.name().unwrap_or("a test");
    assert!(
        std::env::var("CI").as_deref() != Ok("true"),
        "{test} needs PostgreSQL: install it, or set WEBHOOKS_TEST_POSTGRES to the URL of a server"
    );
    let _ = writeln!(std::io::stderr(), "left out, without PostgreSQL or WEBHOOKS_TEST_POSTGRES: {test}");
}

/// A client of a server that may have just been started.
pub(crate) async fn connect(url: &str) -> tokio_postgres::Client {
    let end = Instant::now() + Duration::from_secs(30);
    loop {
        match tokio_postgres::connect(url, NoTls).await {
            Ok((client, connection)) => {
                tokio::spawn(connection);
                return client;
            }
            Err(error) if Instant::now() > end => panic!("{error}"),
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
}

/// The same address with another database.
fn in_database(url: &str, name: &str) -> String {
    let (address, parameters) = url.split_once('?').unwrap_or((url, ""));
    let host = address.split_once("://").map_or(address, |(_, host)| host);
    let address = if host.contains('/') { address.rsplit_once('/').unwrap().0 } else { address };
    format!("{address}/{name}?{parameters}")
}

/// Where the programs of the newest version are.
fn installed() -> Option<PathBuf> {
    let versions = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let packaged = versions.map(|version| version.path().join("bin"));
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path).collect::<Vec<_>>();
    let mut found: Vec<_> = packaged
        .chain(on_path)
        .filter(|bin| bin.join("initdb").exists() && bin.join("postgres").exists())
        .collect();
    found.sort();
    found.pop()
}

fn is_root() -> bool {
    use std::os::unix::fs::MetadataExt;
    std::fs::metadata(Path::new("/proc/self")).is_ok_and(|own| own.uid() == 0)
}
