//! An actix-web application.
//!
//! Run it with `QASE_WEBHOOK_SECRET` set, then send it something:
//! `webhooks send qase run.completed --to http://127.0.0.1:3000/qase`.

use actix_web::{App, HttpResponse, HttpServer, web};
use webhook_core::{Secret, Verified};

async fn on_qase(Verified(delivery): Verified<qase_webhooks::Webhook>) -> HttpResponse {
    match delivery.decode() {
        Ok(webhook) => println!("qase {}", webhook.name()),
        // It is genuine all the same: acknowledge it, and look at it later.
        Err(error) => eprintln!("{error}"),
    }
    HttpResponse::Ok().finish()
}

pub(crate) fn routes(config: &mut web::ServiceConfig) {
    // The framework's own limit counts as well as the receiver's.
    config.app_data(web::PayloadConfig::new(1024 * 1024)).route("/qase", web::post().to(on_qase));
}

#[actix_web::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let receiver = qase_webhooks::Receiver::new(Secret::new(std::env::var("QASE_WEBHOOK_SECRET")?)?);
    let receiver = web::Data::new(receiver);
    let app = move || App::new().app_data(receiver.clone()).configure(routes);
    HttpServer::new(app).bind(("127.0.0.1", 3000))?.run().await?;
    Ok(())
}
