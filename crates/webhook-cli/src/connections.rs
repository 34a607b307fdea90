//! The limits for connections, in total and per address, and the choice of the connection to close.

mod accept;

use std::collections::{BTreeMap, HashMap};
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

pub(crate) use self::accept::accept;

/// A connection that was open without a request for this long may be closed for another one.
const IDLE_TIME: Duration = Duration::from_secs(1);

/// If every connection is busy, one that was open this long may be closed for another client.
const FAIR_TIME: Duration = Duration::from_secs(5);

/// The interval at which a full listener searches for a connection to close.
const PRESSURE_INTERVAL: Duration = Duration::from_millis(100);

/// The number of file descriptors for other purposes: files, standard streams, the runtime, and a store.
pub(crate) const RESERVED_FILES: usize = 40;

/// The connections of a listener.
pub(crate) struct Connections {
    slots: Arc<Semaphore>,
    max: usize,
    max_per_address: Option<usize>,
    table: Mutex<Table>,
    started: Instant,
}

#[derive(Default)]
struct Table {
    next: u64,
    /// Ordered by number, so that of equally idle connections the first one is closed.
    open: BTreeMap<u64, Arc<Connection>>,
    per_address: HashMap<IpAddr, usize>,
}

/// The data of an open connection.
pub(crate) struct Connection {
    address: IpAddr,
    /// Both are in milliseconds since the start of the listener.
    open_since: u64,
    idle_since: AtomicU64,
    busy: AtomicBool,
    close: Notify,
    closing: AtomicBool,
}

/// The slot of a connection, which is released when this is dropped.
pub(crate) struct Place {
    number: u64,
    connection: Arc<Connection>,
    connections: Arc<Connections>,
    _slot: OwnedSemaphorePermit,
}

impl Connections {
    /// Limits the connections, in total and per address. By default another machine may have half of them, and this
    /// machine all, because a proxy on it forwards all clients.
    ///
    /// Each listening socket reserves a slot for its next connection.
    pub(crate) fn new(max: usize, max_per_address: Option<usize>, sockets: usize) -> Arc<Self> {
        let slots = max.saturating_add(sockets.saturating_sub(1)).min(Semaphore::MAX_PERMITS);
        Arc::new(Self {
            slots: Arc::new(Semaphore::new(slots)),
            max,
            max_per_address,
            table: Mutex::default(),
            started: Instant::now(),
        })
    }

    /// Waits for a free slot. If no connection ends by itself, one is closed.
    pub(crate) async fn slot(&self) -> Option<OwnedSemaphorePermit> {
        loop {
            match timeout(PRESSURE_INTERVAL, Arc::clone(&self.slots).acquire_owned()).await {
                Ok(slot) => return slot.ok(),
                Err(_) => self.make_room(None),
            }
        }
    }

    /// The slot of a new connection. `None` if its address has too many; the longest idle connection of that address is
    /// then closed for the next attempt.
    pub(crate) fn place(self: &Arc<Self>, address: IpAddr, slot: OwnedSemaphorePermit) -> Option<Place> {
        let address = address.to_canonical();
        let mut table = self.table();
        let of_address = table.per_address.get(&address).copied().unwrap_or_default();
        let half = self.max.div_ceil(2);
        let max = self.max_per_address.or_else(|| (!address.is_loopback()).then_some(half));
        if max.is_some_and(|max| of_address >= max) {
            drop(table);
            self.make_room(Some(address));
            return None;
        }
        *table.per_address.entry(address).or_default() += 1;
        let number = table.next;
        table.next += 1;
        let connection = Arc::new(Connection {
            address,
            open_since: self.now(),
            idle_since: AtomicU64::new(self.now()),
            busy: AtomicBool::new(false),
            close: Notify::new(),
            closing: AtomicBool::new(false),
        });
        table.open.insert(number, Arc::clone(&connection));
        drop(table);
        Some(Place { number, connection, connections: Arc::clone(self), _slot: slot })
    }

    /// Closes the longest idle connection, of one address or of all. If none is idle, the oldest one is closed after
    /// its current request.
    pub(crate) fn make_room(&self, address: Option<IpAddr>) {
        let now = self.now();
        let table = self.table();
        let open = || {
            table.open.values().filter(|connection| {
                !connection.closing.load(Ordering::Relaxed)
                    && address.is_none_or(|address| address == connection.address)
            })
        };
        let idle = open()
            .filter(|connection| !connection.busy.load(Ordering::Relaxed))
            .map(|connection| (connection.idle_since.load(Ordering::Relaxed), connection))
            .filter(|(since, _)| since + milliseconds(IDLE_TIME) <= now)
            .min_by_key(|(since, _)| *since);
        let oldest = || {
            open()
                .map(|connection| (connection.open_since, connection))
                .filter(|(since, _)| since + milliseconds(FAIR_TIME) <= now)
                .min_by_key(|(since, _)| *since)
        };
        if let Some((_, connection)) = idle.or_else(oldest) {
            connection.closing.store(true, Ordering::Relaxed);
            connection.close.notify_one();
        }
    }

    fn now(&self) -> u64 {
        milliseconds(self.started.elapsed())
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// A request has arrived.
    pub(crate) fn begin(&self) {
        self.connection.busy.store(true, Ordering::Relaxed);
    }

    /// The request is answered.
    pub(crate) fn end(&self) {
        self.connection.idle_since.store(self.connections.now(), Ordering::Relaxed);
        self.connection.busy.store(false, Ordering::Relaxed);
    }

    /// Whether a request is being answered.
    pub(crate) fn is_busy(&self) -> bool {
        self.connection.busy.load(Ordering::Relaxed)
    }

    /// Completes when the connection has to be closed for another one.
    pub(crate) async fn told_to_close(&self) {
        self.connection.close.notified().await;
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let address = self.connection.address;
        let mut table = self.connections.table();
        table.open.remove(&self.number);
        if let Some(count) = table.per_address.get_mut(&address) {
            *count -= 1;
            if *count == 0 {
                table.per_address.remove(&address);
            }
        }
    }
}

/// The requested number of connections, limited by the number of open files of this process, of which some are reserved
/// for other purposes.
pub(crate) fn allowed(asked: usize, reserved: usize) -> usize {
    #[cfg(unix)]
    {
        let limit = rustix::process::getrlimit(rustix::process::Resource::Nofile).current;
        let files = limit.map_or(usize::MAX, |files| usize::try_from(files).unwrap_or(usize::MAX));
        asked.min(files.saturating_sub(reserved).max(8))
    }
    #[cfg(not(unix))]
    {
        let _ = reserved;
        asked
    }
}

fn milliseconds(time: Duration) -> u64 {
    u64::try_from(time.as_millis()).unwrap_or(u64::MAX)
}
