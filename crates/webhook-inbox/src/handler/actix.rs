//! actix-web.

use actix_web::http::StatusCode;
use actix_web::web::{self, Data};
use actix_web::{HttpRequest, HttpResponse, Resource};
use tokio::time::timeout;
use webhook_core::{Authenticated, Receiver, Rejected, Verified};

use super::{READ_TIMEOUT, keep};
use crate::inbox::Inbox;
use crate::new_delivery::kept_headers;

impl Inbox {
    /// A resource at a path that verifies deliveries, stores them, and answers 200 when they are on disk. A repeated
    /// delivery is also answered with 200. A rejected request is answered with the status of
    /// [`Rejected`](webhook_core::Rejected::status), and a delivery that could not be stored with 503.
    ///
    /// The body limit is that of the receiver, not the default of actix-web. A `PayloadConfig` that the application
    /// sets also applies.
    ///
    /// ```no_run
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// use actix_web::{App, HttpServer};
    /// use qase_webhooks::{Receiver, Secret};
    /// use webhook_inbox::Inbox;
    ///
    /// let inbox = Inbox::open("sqlite:inbox.db").await?;
    /// let receiver = Receiver::new(Secret::new(std::env::var("QASE_WEBHOOK_SECRET")?)?);
    /// let server = HttpServer::new(move || App::new().service(inbox.actix("/qase", receiver.clone())));
    /// # Ok(()) }
    /// ```
    pub fn actix<W: Authenticated + 'static>(&self, path: &str, receiver: Receiver<W>) -> Resource {
        let inbox = self.clone();
        let handler = move |request: HttpRequest, payload: web::Payload| {
            let inbox = inbox.clone();
            async move { answer::<W>(&inbox, &request, payload).await }
        };
        web::resource(path.to_owned()).app_data(Data::new(receiver)).route(web::post().to(handler))
    }
}

async fn answer<W: Authenticated + 'static>(
    inbox: &Inbox,
    request: &HttpRequest,
    payload: web::Payload,
) -> HttpResponse {
    let headers: Vec<_> =
        request.headers().iter().map(|(name, value)| (name.as_str(), value.as_bytes())).collect();
    let headers = kept_headers(&headers);
    let mut payload = payload.into_inner();
    let verified = <Verified<W> as actix_web::FromRequest>::from_request(request, &mut payload);
    match timeout(READ_TIMEOUT, verified).await {
        Ok(Ok(Verified(delivery))) => {
            let status = keep(inbox, &delivery, headers).await;
            // Two versions of one crate; every status of ours is valid in both.
            HttpResponse::new(
                StatusCode::from_u16(status.as_u16()).unwrap_or(StatusCode::SERVICE_UNAVAILABLE),
            )
        }
        Ok(Err(error)) => {
            if let Some(rejected) = error.as_error::<Rejected>() {
                inbox.count_rejected::<W>(rejected);
            }
            error.error_response()
        }
        Err(_) => HttpResponse::RequestTimeout().finish(),
    }
}
