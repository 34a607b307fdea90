//! An application of actix-web.

use std::sync::mpsc;
use std::thread;

use actix_web::web::{self, Data, PayloadConfig, ServiceConfig};
use actix_web::{App, HttpServer};
use webhook_core::Verified;

use super::{Deepsource, FRAMEWORK_DEFAULT, LARGE, Log, Monitorqa, Qase, SMALL, Server, receiver, taken};
use crate::vendors::Vendor;

async fn take<W: Vendor>(Verified(delivery): Verified<W>) -> String {
    taken(&delivery)
}

fn application(config: &mut ServiceConfig) {
    let qase = || Data::new(receiver::<Qase>());
    let route = |path: &str| web::resource(path.to_owned()).post(take::<Qase>);
    let small = Data::new(receiver::<Qase>().with_max_body_bytes(SMALL));
    config
        .service(route("/qase").app_data(qase()))
        .service(route("/framework").app_data(qase()).app_data(PayloadConfig::new(SMALL)))
        .service(route("/large").app_data(qase()).app_data(PayloadConfig::new(LARGE)))
        .service(
            web::resource("/default")
                .app_data(PayloadConfig::new(FRAMEWORK_DEFAULT))
                .post(take::<Deepsource>),
        )
        .service(route("/receiver").app_data(small))
        .service(route("/unconfigured"))
        .app_data(Data::new(receiver::<Deepsource>()))
        .app_data(Data::new(receiver::<Monitorqa>()))
        .route("/deepsource", web::post().to(take::<Deepsource>))
        .route("/monitorqa/{token}", web::post().to(take::<Monitorqa>));
}

pub(super) fn start() -> Server {
    let log = Log::default();
    let (started, running) = mpsc::channel();
    let thread = thread::spawn({
        let log = log.clone();
        move || {
            let application = move || {
                // Called on the thread of the worker, whose log it is.
                log.this_thread();
                App::new().configure(application)
            };
            actix_web::rt::System::new().block_on(async {
                let server = HttpServer::new(application).workers(1).disable_signals();
                let server = server.bind("127.0.0.1:0").unwrap();
                let addr = server.addrs()[0];
                let server = server.run();
                started.send((addr, server.handle())).unwrap();
                server.await.unwrap();
            });
        }
    });
    let (addr, handle) = running.recv().unwrap();
    // The server is stopped without waiting: its thread ends with it.
    let stop = Box::new(move || drop(handle.stop(false)));
    Server { addr, log, continues: true, stop: Some(stop), thread: Some(thread) }
}
