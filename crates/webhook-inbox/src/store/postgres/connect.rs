//! Connections: their address, TLS, and the settings that durability requires.

use std::str::FromStr;
use std::sync::Arc;
use std::time::Duration;

use deadpool_postgres::{
    ClientWrapper, Hook, HookError, Manager, ManagerConfig, Pool, RecyclingMethod, Runtime,
};
use rustls::crypto::ring;
use rustls::{ClientConfig, RootCertStore};
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::{Config, NoTls};
use tokio_postgres_rustls::MakeRustlsConnect;

use super::lent::{CONNECT_TIMEOUT, Connections};
use crate::error::Error;

/// The maximum number of connections of an inbox.
pub(crate) const MAX_CONNECTIONS: usize = 8;
/// The time without an answer after which the connection is probed, so that a long operation notices a server that is gone.
const KEEPALIVE: Duration = Duration::from_secs(15);
/// The default of the driver.
const DRIVER_KEEPALIVE: Duration = Duration::from_secs(2 * 60 * 60);

/// The settings of every new connection: the server ends statements after the time for which anybody waits. Statements
/// must see what others have committed while they waited for a lock, whatever the database is set to.
pub(crate) const SESSION: &str =
    "SET statement_timeout = '4s'; SET idle_in_transaction_session_timeout = '10s';
                                  SET default_transaction_isolation = 'read committed'";

/// The connections to the server at this address.
pub(crate) fn connections(url: &str) -> Result<Connections, Error> {
    let mut config = parse(url)?;
    let label = label(&config);
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(CONNECT_TIMEOUT);
    }
    if config.get_tcp_user_timeout().is_none() {
        config.tcp_user_timeout(Duration::from_secs(5));
    }
    if config.get_keepalives_idle() == DRIVER_KEEPALIVE {
        config.keepalives_idle(KEEPALIVE).keepalives_interval(KEEPALIVE).keepalives_retries(3);
    }
    if config.get_application_name().is_none() {
        config.application_name("webhook-inbox");
    }
    let recycling = ManagerConfig { recycling_method: RecyclingMethod::Fast };
    let tls = if config.get_ssl_mode() == SslMode::Disable { None } else { Some(tls(&label)?) };
    let manager = match tls.clone() {
        None => Manager::from_config(config, NoTls, recycling),
        Some(tls) => Manager::from_config(config, tls, recycling),
    };
    let pool = Pool::builder(manager)
        .max_size(MAX_CONNECTIONS)
        .runtime(Runtime::Tokio1)
        .wait_timeout(Some(CONNECT_TIMEOUT))
        .create_timeout(Some(CONNECT_TIMEOUT))
        .recycle_timeout(Some(CONNECT_TIMEOUT))
        .post_create(Hook::async_fn(|client: &mut ClientWrapper, _| Box::pin(prove_durability(client))))
        .build()
        .map_err(|error| {
            Error::refused(format!("{label}: cannot create the connection pool")).because(error)
        })?;
    Ok(Connections { pool, tls, label })
}

/// Reads the address. Errors contain no part of it, because any part may belong to a password that is not encoded.
fn parse(url: &str) -> Result<Config, Error> {
    // The driver ends the credentials at the first one: the host would have the rest of the password, and be printed.
    if url.matches('@').count() > 1 {
        return Err(Error::refused(
            "the postgres:// address has more than one `@`: write `%40` for each that belongs to the user or the password",
        ));
    }
    Config::from_str(&with_known_mode(url)).map_err(|error| {
        let refused = Error::refused(
            "the postgres:// address is not valid: reserved characters must be percent-encoded, and parameters known",
        );
        // These messages have only the name of a parameter that the driver knows. Others have text of the address.
        let known = std::error::Error::source(&error).map(ToString::to_string);
        match known.filter(|message| message.starts_with("invalid value for option")) {
            Some(message) => refused.because(message),
            None => refused,
        }
    })
}

/// The address with an `sslmode` that the driver supports. Every certificate is verified, including its name, so the
/// modes for verification are the same as `require`.
fn with_known_mode(url: &str) -> String {
    let Some((address, parameters)) = url.split_once('?') else { return url.to_owned() };
    let known = parameters.split('&').map(|parameter| match parameter {
        "sslmode=verify-ca" | "sslmode=verify-full" => "sslmode=require",
        other => other,
    });
    format!("{address}?{}", known.collect::<Vec<_>>().join("&"))
}

/// Refuses a server that acknowledges data before it is on disk. `synchronous_commit` is pinned for the session, because it
/// can be changed while the server runs. `fsync` cannot be pinned, so every batch checks it again.
async fn prove_durability(client: &mut ClientWrapper) -> Result<(), HookError> {
    client.batch_execute(SESSION).await.map_err(HookError::Backend)?;
    let row = client
        .query_one("SELECT current_setting('fsync'), current_setting('synchronous_commit')", &[])
        .await
        .map_err(HookError::Backend)?;
    let (fsync, commit): (String, String) = (row.get(0), row.get(1));
    for (setting, value, wanted) in [
        ("fsync", &fsync, &[FSYNC_ON][..]),
        ("synchronous_commit", &commit, &["on", "local", "remote_write", "remote_apply"]),
    ] {
        if !wanted.contains(&value.as_str()) {
            return Err(HookError::message(not_durable(setting, value)));
        }
    }
    client.batch_execute(&format!("SET synchronous_commit = {commit}")).await.map_err(HookError::Backend)
}

/// The required value of the setting `fsync`.
pub(crate) const FSYNC_ON: &str = "on";

/// The reason why a server is refused.
pub(crate) fn not_durable(setting: &str, value: &str) -> String {
    format!("`{setting}` is `{value}`, so the server acknowledges data that is not on disk: turn it on")
}

/// TLS that verifies the server, with the certificates of the system or of `SSL_CERT_FILE`.
fn tls(label: &str) -> Result<MakeRustlsConnect, Error> {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    let config = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()
        .map_err(|error| Error::refused(format!("{label}: TLS cannot be set up")).because(error))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

/// The address without user and password.
fn label(config: &Config) -> String {
    let hosts = config.get_hosts().iter().zip(config.get_ports().iter().chain(std::iter::repeat(&5432)));
    let hosts: Vec<String> = hosts
        .map(|(host, port)| match host {
            Host::Tcp(name) => format!("{name}:{port}"),
            #[cfg(unix)]
            Host::Unix(path) => path.display().to_string(),
        })
        .collect();
    format!("postgres://{}/{}", hosts.join(","), config.get_dbname().unwrap_or_default())
}
