//! An actix-web application that keeps the webhooks of MonitorQA, which signs nothing: the token is in the URL.
//!
//! Run it with `MONITORQA_WEBHOOK_TOKEN` set, then send it something:
//! `webhooks send monitorqa AUDIT_COMPLETED --to http://127.0.0.1:3000/monitorqa/TOKEN`.

use actix_web::{App, HttpServer};
use monitorqa_webhooks::{Receiver, Secret};
use webhook_inbox::{Inbox, StoredDelivery};

#[actix_web::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let inbox = Inbox::open("sqlite:inbox.db").await?;
    let receiver = Receiver::new(Secret::new(std::env::var("MONITORQA_WEBHOOK_TOKEN")?)?);

    let worker = inbox.consumer("archive").on_raw(|delivery: StoredDelivery, _| async move {
        println!("{} {:?}: {} bytes", delivery.row.seq, delivery.row.event, delivery.body.len());
    });
    actix_web::rt::spawn(worker.run(std::future::pending()));

    HttpServer::new(move || App::new().service(inbox.actix("/monitorqa/{token}", receiver.clone())))
        .bind(("127.0.0.1", 3000))?
        .run()
        .await?;
    Ok(())
}
