//! Sinks: ready-made handlers that pass deliveries to other systems.
//!
//! A sink handles the deliveries of a [`Consumer`]. The consumer provides the filter of events, the concurrency, the
//! attempts and the dead letters. The command `webhooks run` runs the same sinks from a configuration file.
//!
//! ```no_run
//! # async fn run(inbox: webhook_inbox::Inbox) -> Result<(), webhook_inbox::Error> {
//! use webhook_inbox::sinks::{HttpSink, SigningSecret};
//!
//! let secret = SigningSecret::new(&std::env::var("CRM_SECRET").unwrap_or_default())?;
//! let sink = HttpSink::to("https://crm.example.com/webhooks")?.signed_with(secret);
//! let consumer = inbox.consumer("crm").events(["run.*"]).concurrency(4).sink(sink);
//! consumer.run(std::future::pending()).await?;
//! # Ok(())
//! # }
//! ```

mod cloud_events;
mod exec;
mod facts;
mod file;
mod http;
#[cfg(feature = "nats")]
mod nats;
mod slack;

use std::future::Future;
use std::sync::Arc;

pub use self::cloud_events::{CloudEventsMode, TYPE_PREFIXES, event_source, event_type};
pub use self::exec::{EXEC_TIMEOUT, ExecSink, INHERITED_VARIABLES};
pub use self::facts::{UNNAMED_EVENT, subject};
pub use self::file::{FileSink, Rotation};
pub use self::http::{
    CONNECT_TIMEOUT, Format, GONE_PAUSE, HttpSink, MAX_ANSWER_BYTES, MAX_RETRY_AFTER, SEND_TIMEOUT,
    SigningSecret,
};
#[cfg(feature = "nats")]
pub use self::nats::{ACK_TIMEOUT, NatsCredentials, NatsSink};
pub use self::slack::SlackSink;
use crate::consumer::{Consumer, Context, Outcome};
use crate::stored::StoredDelivery;

/// A handler that passes one delivery to another system.
pub trait Sink: Send + Sync + 'static {
    /// Passes on a delivery, at least once: it is repeated if its outcome could not be recorded.
    fn deliver(&self, delivery: StoredDelivery, context: Context) -> impl Future<Output = Outcome> + Send;
}

impl Consumer {
    /// Passes the deliveries of all vendors that have no handler of their own to a sink, with their exact bytes.
    ///
    /// A delivery whose body was removed by pruning is dead.
    pub fn sink(self, sink: impl Sink) -> Self {
        let sink = Arc::new(sink);
        self.on_raw(move |delivery, context| {
            let sink = Arc::clone(&sink);
            async move {
                if delivery.row.pruned_at.is_some() {
                    return Outcome::dead().note("its body was removed by pruning");
                }
                sink.deliver(delivery, context).await
            }
        })
    }
}
