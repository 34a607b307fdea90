//! The routes: from a request to its answer.

mod refused;
mod target;

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use bytes::Bytes;
use chrono::Utc;
use http_body_util::Empty;
use hyper::body::Incoming;
use hyper::header::{ACCEPT_ENCODING, ALLOW, CONNECTION, CONTENT_ENCODING, HOST, HeaderValue, RETRY_AFTER};
use hyper::http::request::Parts;
use hyper::{Method, Request, Response, StatusCode, Version};
use webhook_core::{Authenticated, Authentication, Receiver, Rejected, Scheme as _};

use self::refused::Refusal;
pub(super) use self::refused::Refused;
use self::target::Target;
use super::body::{Budget, Fault};
use super::intake::{Genuine, Intake};
use crate::vendor::Vendor;

/// Every answer is a status, sometimes with a header. The sender gets nothing else.
pub(super) type Answer = Response<Empty<Bytes>>;

/// The state for all routes.
pub(super) struct Routes {
    pub(super) receivers: Receivers,
    pub(super) budget: Budget,
    pub(super) intake: Intake,
    pub(super) refused: Arc<Refused>,
    draining: AtomicBool,
}

/// A receiver for each vendor that is served.
#[derive(Default)]
pub(super) struct Receivers {
    pub(super) qase: Option<qase_webhooks::Receiver>,
    pub(super) deepsource: Option<deepsource_webhooks::Receiver>,
    pub(super) monitorqa: Option<monitorqa_webhooks::Receiver>,
}

impl Receivers {
    /// Whether a vendor is served.
    pub(super) fn serves(&self, vendor: Vendor) -> bool {
        match vendor {
            Vendor::Qase => self.qase.is_some(),
            Vendor::Deepsource => self.deepsource.is_some(),
            Vendor::Monitorqa => self.monitorqa.is_some(),
        }
    }
}

impl Routes {
    pub(super) fn new(receivers: Receivers, intake: Intake, refused: Arc<Refused>) -> Self {
        Self { receivers, budget: Budget::new(), intake, refused, draining: AtomicBool::new(false) }
    }

    /// Answers a request.
    pub(super) async fn answer(&self, peer: SocketAddr, request: Request<Incoming>) -> Answer {
        let (head, body) = request.into_parts();
        if !names_its_host(&head) {
            self.refused.note(peer, None, &Refusal::Host);
            return closing(StatusCode::BAD_REQUEST);
        }
        match Target::of(head.uri.path()) {
            Target::Vendor(vendor) if !self.receivers.serves(vendor) => {
                self.refused.note(peer, Some(vendor), &Refusal::NotServed);
                status(StatusCode::NOT_FOUND)
            }
            Target::Vendor(vendor) if head.method != Method::POST => {
                self.refused.note(peer, Some(vendor), &Refusal::Method);
                with(StatusCode::METHOD_NOT_ALLOWED, ALLOW, HeaderValue::from_static("POST"))
            }
            Target::Vendor(vendor) => self.deliver(vendor, peer, head, body).await,
            Target::Live | Target::Ready if !matches!(head.method, Method::GET | Method::HEAD) => {
                with(StatusCode::METHOD_NOT_ALLOWED, ALLOW, HeaderValue::from_static("GET, HEAD"))
            }
            Target::Live => status(StatusCode::OK),
            Target::Ready => {
                let ready = !self.draining.load(Ordering::Relaxed) && self.intake.is_ready();
                status(if ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE })
            }
            Target::Unknown => {
                self.refused.note(peer, None, &Refusal::Path(target::shown(head.uri.path())));
                status(StatusCode::NOT_FOUND)
            }
        }
    }

    /// Marks this listener as not ready.
    pub(super) fn drain(&self) {
        self.draining.store(true, Ordering::Relaxed);
    }

    /// The reasons why this listener accepts no deliveries, besides a failure of the store.
    pub(super) fn not_ready(&self) -> Vec<String> {
        let draining = self.draining.load(Ordering::Relaxed).then(|| "draining".to_owned());
        let output =
            (!self.intake.is_ready()).then(|| "deliveries cannot be stored at the moment".to_owned());
        draining.into_iter().chain(output).collect()
    }

    /// Records a connection that was closed because its address has too many.
    pub(super) fn too_many_connections(&self, peer: SocketAddr) {
        self.refused.note(peer, None, &Refusal::Connections);
    }

    async fn deliver(&self, vendor: Vendor, peer: SocketAddr, head: Parts, body: Incoming) -> Answer {
        let Receivers { qase, deepsource, monitorqa } = &self.receivers;
        let outcome = match (vendor, qase, deepsource, monitorqa) {
            (Vendor::Qase, Some(receiver), ..) => self.receive(receiver, vendor, peer, head, body).await,
            (Vendor::Deepsource, _, Some(receiver), _) => {
                self.receive(receiver, vendor, peer, head, body).await
            }
            (Vendor::Monitorqa, .., Some(receiver)) => self.receive(receiver, vendor, peer, head, body).await,
            _ => return status(StatusCode::NOT_FOUND),
        };
        match outcome {
            Ok(answer) | Err(answer) => answer,
        }
    }

    /// Verifies and accepts a delivery.
    async fn receive<W: Authenticated + 'static>(
        &self,
        receiver: &Receiver<W>,
        vendor: Vendor,
        peer: SocketAddr,
        head: Parts,
        body: Incoming,
    ) -> Result<Answer, Answer> {
        let authenticated = self.authenticate_head(receiver, vendor, peer, &head)?;
        if let Some(encoding) = head.headers.get(CONTENT_ENCODING).filter(|encoding| *encoding != "identity")
        {
            self.refused.note(peer, Some(vendor), &Refusal::Encoding(target::known_encoding(encoding)));
            let plain = HeaderValue::from_static("identity");
            return Err(with(StatusCode::UNSUPPORTED_MEDIA_TYPE, ACCEPT_ENCODING, plain));
        }
        let read = self.budget.read(body, receiver.max_body_bytes(), authenticated).await;
        let (body, share) = read.map_err(|fault| {
            self.refused.note(peer, Some(vendor), &Refusal::Body(fault));
            match fault {
                Fault::TooLarge => status(StatusCode::PAYLOAD_TOO_LARGE),
                Fault::Unreadable => status(StatusCode::BAD_REQUEST),
                Fault::TimedOut => closing(StatusCode::REQUEST_TIMEOUT),
                Fault::Busy => later(),
            }
        })?;
        let delivery = match receiver.accept(&head, body.clone()) {
            Ok(delivery) => delivery,
            Err(rejected) => return Err(self.reject(receiver, vendor, peer, head, body, &rejected)),
        };
        let genuine = Genuine { vendor, received_at: Utc::now(), head, share };
        Ok(match self.intake.take(delivery, genuine).await {
            StatusCode::SERVICE_UNAVAILABLE => later(),
            outcome => status(outcome),
        })
    }

    /// Whether the head authenticates the sender. If no body can be genuine with this head, the request is rejected
    /// before the body is read.
    fn authenticate_head<W: Authenticated + 'static>(
        &self,
        receiver: &Receiver<W>,
        vendor: Vendor,
        peer: SocketAddr,
        head: &Parts,
    ) -> Result<bool, Answer> {
        match receiver.check_head(head) {
            Ok(()) => Ok(!matches!(W::SCHEME.authentication(), Authentication::BodyHmac { .. })),
            Err(rejected) => Err(self.reject(receiver, vendor, peer, head.clone(), Bytes::new(), &rejected)),
        }
    }

    fn reject<W: Authenticated + 'static>(
        &self,
        receiver: &Receiver<W>,
        vendor: Vendor,
        peer: SocketAddr,
        head: Parts,
        body: Bytes,
        rejected: &Rejected,
    ) -> Answer {
        if let Some(durable) = &self.intake.durable {
            durable.inbox().count_rejected::<W>(rejected);
        }
        let (receiver, body_bytes) = (receiver.clone(), body.len());
        // Explained after the answer, so that the time of the answer contains no information.
        let explain = move || receiver.explain(&head, &body);
        self.refused.note_rejected(peer, vendor, rejected, body_bytes, explain);
        status(rejected.status())
    }
}

/// Whether a request has a host, as HTTP/1.1 requires.
fn names_its_host(head: &Parts) -> bool {
    let mut hosts = head.headers.get_all(HOST).iter();
    let first = hosts.next().is_some();
    hosts.next().is_none() && (first || head.version < Version::HTTP_11)
}

fn status(status: StatusCode) -> Answer {
    let mut answer = Answer::default();
    *answer.status_mut() = status;
    answer
}

fn with(code: StatusCode, name: hyper::header::HeaderName, value: HeaderValue) -> Answer {
    let mut answer = status(code);
    answer.headers_mut().insert(name, value);
    answer
}

fn closing(code: StatusCode) -> Answer {
    with(code, CONNECTION, HeaderValue::from_static("close"))
}

/// The answer 503: the vendor should send the delivery again.
fn later() -> Answer {
    with(StatusCode::SERVICE_UNAVAILABLE, RETRY_AFTER, HeaderValue::from_static("5"))
}
