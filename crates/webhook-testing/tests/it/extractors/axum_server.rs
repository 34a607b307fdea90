//! An application of axum.

use std::sync::mpsc;
use std::thread;

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRef};
use axum::routing::post;
use tokio::sync::oneshot;
use webhook_core::{Receiver, Verified};

use super::{Deepsource, FRAMEWORK_DEFAULT, LARGE, Log, Monitorqa, Qase, SMALL, Server, receiver, taken};
use crate::vendors::Vendor;

#[derive(Clone)]
struct Receivers {
    qase: Receiver<Qase>,
    deepsource: Receiver<Deepsource>,
    monitorqa: Receiver<Monitorqa>,
}

macro_rules! receivers {
    ($($field:ident: $webhook:ty),*) => {$(
        impl FromRef<Receivers> for Receiver<$webhook> {
            fn from_ref(receivers: &Receivers) -> Self {
                receivers.$field.clone()
            }
        }
    )*};
}
receivers!(qase: Qase, deepsource: Deepsource, monitorqa: Monitorqa);

async fn take<W: Vendor>(Verified(delivery): Verified<W>) -> String {
    taken(&delivery)
}

fn application() -> Router {
    let receivers = Receivers { qase: receiver(), deepsource: receiver(), monitorqa: receiver() };
    let small = Receivers { qase: receiver().with_max_body_bytes(SMALL), ..receivers.clone() };
    let alone = |limit| post(take::<Qase>).layer(DefaultBodyLimit::max(limit));
    Router::new()
        .route("/qase", post(take::<Qase>))
        .route("/deepsource", post(take::<Deepsource>))
        .route("/monitorqa/{token}", post(take::<Monitorqa>))
        .route("/framework", alone(SMALL))
        .route("/large", alone(LARGE))
        .route("/default", post(take::<Deepsource>).layer(DefaultBodyLimit::max(FRAMEWORK_DEFAULT)))
        .with_state(receivers)
        .merge(Router::new().route("/receiver", post(take::<Qase>)).with_state(small))
}

pub(super) fn start() -> Server {
    let log = Log::default();
    let (stop, stopped) = oneshot::channel();
    let (bound, addr) = mpsc::channel();
    let thread = thread::spawn({
        let log = log.clone();
        move || {
            log.this_thread();
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async {
                let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
                bound.send(listener.local_addr().unwrap()).unwrap();
                tokio::select! {
                    served = axum::serve(listener, application()) => served.unwrap(),
                    _ = stopped => {}
                }
            });
        }
    });
    let stop = Box::new(move || stop.send(()).unwrap());
    Server { addr: addr.recv().unwrap(), log, continues: false, stop: Some(stop), thread: Some(thread) }
}
