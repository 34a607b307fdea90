//! The file: its path, the check whether it can be an inbox, and how it is opened.

use std::fmt::Write as _;
use std::fs::{self, File, OpenOptions};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::schema;
use crate::error::Error;
use crate::options::Options;

/// The delay before a connection asks again for the lock of another process. The default delays of SQLite grow to 100 ms.
/// A busy writer takes the lock many times in that interval, so another process might never get it.
const BUSY_STEP: Duration = Duration::from_millis(1);
/// How many times a connection asks, in about 4 seconds. This is shorter than the deadline of a delivery.
const MAX_BUSY_STEPS: i32 = 3_500;
/// How long a read-only connection waits. It only waits for the recovery after a crash.
const READER_TIMEOUT: Duration = Duration::from_secs(4);

/// The maximum number of symbolic links from a path to its file, as on Linux.
const MAX_LINKS: usize = 40;

/// The file that is named after `sqlite:`.
pub(crate) fn path_of(rest: &str) -> Result<PathBuf, Error> {
    let path = rest.strip_prefix("//").unwrap_or(rest);
    if let Some(path) = path.strip_prefix("file:") {
        return Err(Error::refused(format!(
            "sqlite:{rest} is an address of SQLite: write only the file, as in sqlite:{}",
            path.strip_prefix("//").unwrap_or(path)
        )));
    }
    let memory = path.is_empty() || path.contains(":memory:");
    if memory || path.contains('?') || path.contains('\0') {
        return Err(Error::refused(format!(
            "sqlite:{rest} does not name a file: write sqlite:FILE, as in sqlite:inbox.db, without parameters"
        )));
    }
    Ok(PathBuf::from(path))
}

/// Checks the file without changing it, and creates it if it does not exist. Returns its own path.
pub(crate) fn prepare(path: &Path) -> Result<PathBuf, Error> {
    let path = resolved(path)?;
    let name = path.display();
    let folder = folder_of(&path);
    refuse_network_file_system(folder, &path)?;
    match fs::metadata(&path) {
        Ok(metadata) if metadata.is_file() => look_at(&path, metadata.len())?,
        Ok(_) => return Err(Error::refused(format!("{name} is not a file"))),
        Err(error) if error.kind() == ErrorKind::NotFound => create(&path, folder)?,
        Err(error) => return Err(Error::refused(format!("{name} cannot be opened")).because(error)),
    }
    Ok(path)
}

/// The absolute path of a file that may not exist yet, without symbolic links: SQLite places the log beside the file
/// itself.
fn resolved(path: &Path) -> Result<PathBuf, Error> {
    let name = path.display();
    let mut path = path.to_owned();
    for _ in 0..MAX_LINKS {
        if let Ok(target) = fs::read_link(&path) {
            path = folder_of(&path).join(target);
            continue;
        }
        let folder = folder_of(&path);
        if !folder.is_dir() {
            return Err(Error::refused(format!(
                "{name} cannot be created: the folder {} does not exist",
                folder.display()
            )));
        }
        let file = path.file_name().ok_or_else(|| Error::refused(format!("{name} is not a file")))?;
        let folder = absolute(folder)
            .map_err(|error| Error::refused(format!("{name} cannot be opened")).because(error))?;
        return Ok(folder.join(file));
    }
    Err(Error::refused(format!("{name} leads through too many symbolic links")))
}

#[cfg(unix)]
fn absolute(folder: &Path) -> std::io::Result<PathBuf> {
    fs::canonicalize(folder)
}

/// Without `canonicalize`, whose paths other programs of this system do not accept.
#[cfg(not(unix))]
fn absolute(folder: &Path) -> std::io::Result<PathBuf> {
    std::path::absolute(folder)
}

/// Reads the header, which identifies a database and its application.
///
/// SQLite reads it, because closing the file in any other way would drop the locks that this process has on it.
fn look_at(path: &Path, bytes: u64) -> Result<(), Error> {
    let name = path.display().to_string();
    // A power cut may have left the header half written; SQLite restores it from the journal, and the schema is checked
    // after that.
    if bytes == 0 || has_journal(path) {
        return Ok(());
    }
    let flags =
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_URI;
    let header = Connection::open_with_flags(immutable(path), flags)
        .and_then(|connection| Ok((schema::application_id(&connection)?, schema::version(&connection)?)));
    match header {
        Ok((schema::APPLICATION_ID, version)) => schema::accept(version, &name),
        Ok(_) => Err(schema::foreign(&name)),
        Err(error) => match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => {
                Err(Error::refused(format!("{name} is not a database: use another file for the inbox")))
            }
            // A checkpoint that has not ended may have changed the header before the rest. With the log it is complete,
            // and the schema is checked after that.
            Some(ErrorCode::DatabaseCorrupt) => Ok(()),
            _ => Err(Error::refused(format!("{name} cannot be read")).because(error)),
        },
    }
}

/// The address of a file that SQLite neither locks nor changes. Its log is not read.
fn immutable(path: &Path) -> String {
    let mut address = "file:".to_owned();
    for byte in path.as_os_str().as_encoded_bytes() {
        if byte.is_ascii() && !b"%?#".contains(byte) {
            address.push(char::from(*byte));
        } else {
            // Writing to a text does not fail.
            let _ = write!(address, "%{byte:02x}");
        }
    }
    address.push_str("?immutable=1");
    address
}

/// Whether there is a journal of an unfinished transaction.
fn has_journal(path: &Path) -> bool {
    let mut journal = path.as_os_str().to_owned();
    journal.push("-journal");
    std::fs::metadata(journal).is_ok_and(|metadata| metadata.len() > 0)
}

/// Creates an empty file that only its owner can read, because bodies are confidential.
fn create(path: &Path, folder: &Path) -> Result<(), Error> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(_) => {}
        // Another process was faster.
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) => {
            return Err(Error::refused(format!("{} cannot be created", path.display())).because(error));
        }
    }
    // The name of the file must also survive a power cut.
    #[cfg(unix)]
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(|error| Error::refused(format!("{} cannot be synced", folder.display())).because(error))?;
    Ok(())
}

/// The settings of a connection that writes.
#[derive(Clone, Copy)]
pub(crate) struct Settings {
    synchronous: &'static str,
}

impl Settings {
    pub(crate) fn of(options: &Options) -> Self {
        Self { synchronous: options.synchronous }
    }
}

/// A connection that writes, and the identity of what it writes to.
pub(crate) struct Opened {
    pub(crate) connection: Connection,
    pub(crate) file: Identity,
    pub(crate) log: Identity,
}

/// The device and the number of a file.
pub(crate) type Identity = (u64, u64);

/// Opens a connection that writes, and notes what it writes to.
pub(crate) fn open(path: &Path, settings: Settings) -> Result<Opened, Error> {
    let connection = connect(path, settings)?;
    // In WAL mode the log exists from the first access on.
    schema::version(&connection)
        .map_err(|error| super::failure(&path.display().to_string(), "open", error))?;
    match (identity(path), identity(&log_of(path))) {
        (Some(file), Some(log)) => Ok(Opened { connection, file, log }),
        _ => Err(Error::unavailable(format!("{} was deleted while it was opened", path.display()))),
    }
}

/// A connection that writes, in WAL mode with `synchronous=FULL`.
fn connect(path: &Path, settings: Settings) -> Result<Connection, Error> {
    let name = path.display().to_string();
    let failed = |error| super::failure(&name, "open", error);
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(path, flags).map_err(failed)?;
    connection.busy_handler(Some(wait_for_lock as fn(i32) -> bool)).map_err(failed)?;
    // Before WAL mode, so that the header of the file itself identifies the application.
    schema::migrate(&mut connection, &name)?;
    let mode: String =
        patiently(|| connection.pragma_update_and_check(None, "journal_mode", "wal", |row| row.get(0)))
            .map_err(failed)?;
    if mode != "wal" {
        return Err(Error::refused(format!("{name} does not allow WAL mode: put it on a local disk")));
    }
    connection.pragma_update(None, "synchronous", settings.synchronous).map_err(failed)?;
    // On macOS a plain sync leaves the data in the cache of the disk; on other systems this has no effect.
    connection.pragma_update(None, "fullfsync", true).map_err(failed)?;
    connection.pragma_update(None, "checkpoint_fullfsync", true).map_err(failed)?;
    // 16 MiB of pages are cached, and the log is reduced to 64 MiB after a burst.
    connection.pragma_update(None, "cache_size", -16 * 1024).map_err(failed)?;
    connection.pragma_update(None, "journal_size_limit", 64 * 1024 * 1024).map_err(failed)?;
    connection.set_prepared_statement_cache_capacity(64);
    Ok(connection)
}

/// Opens a connection that cannot write.
pub(crate) fn open_reader(path: &Path) -> Result<Connection, Error> {
    let name = path.display().to_string();
    let failed = |error| super::failure(&name, "open", error);
    // Not read-only for the file system: a reader in WAL mode uses the shared index.
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags).map_err(failed)?;
    connection.busy_timeout(READER_TIMEOUT).map_err(failed)?;
    connection.pragma_update(None, "query_only", true).map_err(failed)?;
    Ok(connection)
}

/// Repeats an operation while the file is locked. SQLite does not ask the busy handler where it already reads the file,
/// as for the change to WAL mode.
fn patiently<T>(operation: impl Fn() -> rusqlite::Result<T>) -> rusqlite::Result<T> {
    let mut steps = 0;
    loop {
        match operation() {
            Err(error)
                if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) && wait_for_lock(steps) =>
            {
                steps += 1;
            }
            outcome => return outcome,
        }
    }
}

/// Waits for another process that writes. Returns whether to ask again.
fn wait_for_lock(steps: i32) -> bool {
    std::thread::sleep(BUSY_STEP);
    steps < MAX_BUSY_STEPS
}

/// The identity of the file at a path. A connection continues to write to a deleted or replaced file, where the data
/// would be lost.
#[cfg(unix)]
pub(crate) fn identity(path: &Path) -> Option<Identity> {
    use std::os::unix::fs::MetadataExt;

    fs::metadata(path).ok().map(|file| (file.dev(), file.ino()))
}

/// On other systems an open file can be neither deleted nor replaced.
#[cfg(not(unix))]
pub(crate) fn identity(_: &Path) -> Option<Identity> {
    Some((0, 0))
}

/// The log of a file. It contains committed data that is not in the file yet.
pub(crate) fn log_of(path: &Path) -> PathBuf {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    PathBuf::from(log)
}

/// The size of the file and its log in bytes.
pub(crate) fn bytes(path: &Path) -> u64 {
    [path, log_of(path).as_path()]
        .into_iter()
        .filter_map(|path| fs::metadata(path).ok())
        .map(|file| file.len())
        .sum()
}

/// The free space on the disk of the file in bytes, for a process without privileges.
#[cfg(unix)]
pub(crate) fn free_bytes(path: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(path).ok()?;
    Some(disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// Not known here.
#[cfg(not(unix))]
pub(crate) fn free_bytes(_: &Path) -> Option<u64> {
    None
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// The file systems on which the shared index of WAL mode does not work between machines, by the number that Linux
/// gives them.
#[cfg(target_os = "linux")]
const NETWORK_FILE_SYSTEMS: [(u32, &str); 10] = [
    (0x6969, "NFS"),
    (0x517B, "SMB"),
    (0xFE53_4D42, "SMB"),
    (0xFF53_4D42, "CIFS"),
    (0x5346_414F, "AFS"),
    (0x6B41_4653, "AFS"),
    (0x00C3_6400, "Ceph"),
    (0x0BD0_0BD0, "Lustre"),
    (0x4750_4653, "GPFS"),
    (0x7375_7245, "Coda"),
];

#[cfg(target_os = "linux")]
fn refuse_network_file_system(folder: &Path, path: &Path) -> Result<(), Error> {
    let Ok(found) = rustix::fs::statfs(folder) else { return Ok(()) };
    match network_file_system(u64::try_from(found.f_type).unwrap_or_default()) {
        Some(kind) => Err(Error::refused(format!(
            "{} is on a network file system ({kind}), where SQLite loses data: put it on a local disk, or use Postgres",
            path.display()
        ))),
        None => Ok(()),
    }
}

/// Only Linux has these numbers for file systems.
#[cfg(not(target_os = "linux"))]
fn refuse_network_file_system(_: &Path, _: &Path) -> Result<(), Error> {
    Ok(())
}

/// The name of a network file system, by its number. The upper half is ignored, because it comes from a sign extension.
#[cfg(target_os = "linux")]
fn network_file_system(number: u64) -> Option<&'static str> {
    NETWORK_FILE_SYSTEMS
        .iter()
        .find(|(known, _)| number & 0xFFFF_FFFF == u64::from(*known))
        .map(|(_, name)| *name)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    #[test]
    fn a_network_file_system_is_recognised_by_its_number() {
        assert_eq!(super::network_file_system(0x6969), Some("NFS"));
        assert_eq!(super::network_file_system(0xFFFF_FFFF_FF53_4D42), Some("CIFS"));
        // ext4
        assert_eq!(super::network_file_system(0xEF53), None);
    }
}
