//! Spans for OpenTelemetry, over HTTP, where the standard variables name a collector.

use std::env;
use std::future::{self, Future};
use std::pin::Pin;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_http::{HttpClient, HttpError};
use opentelemetry_otlp::{SpanExporter, WithHttpConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::registry::LookupSpan;
use ureq::Agent;

/// The variables with the address of the collector; the first one that is set is used.
const ENDPOINTS: [&str; 2] = ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT"];

/// The time limit of one request to the collector. It does not delay deliveries.
const SEND_TIMEOUT: Duration = Duration::from_secs(10);

/// How long the shutdown waits for spans that are not sent yet.
const FLUSH_TIMEOUT: Duration = Duration::from_secs(2);

/// An answer of a collector is a few bytes.
const MAX_ANSWER_BYTES: u64 = 64 * 1024;

static PROVIDER: OnceLock<SdkTracerProvider> = OnceLock::new();

/// The exporter of the spans of the inbox and its sinks; `None` if no collector is configured.
///
/// # Errors
///
/// A variable has an invalid value.
pub(crate) fn layer<S>() -> Result<Option<impl Layer<S>>, String>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    if !ENDPOINTS.iter().any(|name| env::var_os(name).is_some_and(|value| !value.is_empty())) {
        return Ok(None);
    }
    let exporter = SpanExporter::builder()
        .with_http()
        .with_http_client(Client::new())
        .build()
        .map_err(|error| format!("spans are not exported: {error}"))?;
    let mut resource = Resource::builder();
    if env::var_os("OTEL_SERVICE_NAME").is_none() {
        resource = resource.with_service_name("webhooks");
    }
    let provider =
        SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource.build()).build();
    let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("webhooks"));
    // Only our spans: the exporter must not send spans about itself.
    let ours = Targets::new().with_target("webhook_inbox", LevelFilter::INFO);
    let _ = PROVIDER.set(provider);
    Ok(Some(layer.with_filter(ours)))
}

/// Sends the remaining spans, up to a time limit.
pub(crate) fn stop() {
    if let Some(provider) = PROVIDER.get() {
        // The client has already logged the failure.
        let _ = provider.shutdown_with_timeout(FLUSH_TIMEOUT);
    }
}

/// Sends requests from the exporter's own thread, which may wait.
#[derive(Debug)]
struct Client {
    agent: Agent,
    failing: AtomicBool,
}

impl Client {
    fn new() -> Self {
        let configuration = Agent::config_builder()
            .timeout_global(Some(SEND_TIMEOUT))
            .http_status_as_error(false)
            .max_redirects(0);
        Self { agent: configuration.build().new_agent(), failing: AtomicBool::new(false) }
    }

    fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, ureq::Error> {
        let (head, mut body) = self.agent.run(request.map(|body| body.to_vec()))?.into_parts();
        let body = body.with_config().limit(MAX_ANSWER_BYTES).read_to_vec()?;
        Ok(Response::from_parts(head, Bytes::from(body)))
    }

    /// Logs once when spans are lost, and once when they are sent again.
    fn tell(&self, problem: Option<String>) {
        match (problem, self.failing.load(Ordering::Relaxed)) {
            (Some(problem), false) => tracing::warn!("the collector does not accept spans: {problem}"),
            (None, true) => tracing::warn!("the collector accepts spans again"),
            (None, false) | (Some(_), true) => return,
        }
        self.failing.fetch_xor(true, Ordering::Relaxed);
    }
}

impl HttpClient for Client {
    fn send_bytes<'a, 'b>(
        &'a self,
        request: Request<Bytes>,
    ) -> Pin<Box<dyn Future<Output = Result<Response<Bytes>, HttpError>> + Send + 'b>>
    where
        'a: 'b,
        Self: 'b,
    {
        let answer = self.send(request);
        self.tell(match &answer {
            Ok(answer) if answer.status().is_success() => None,
            Ok(answer) => Some(format!("status {}", answer.status())),
            Err(error) => Some(error.to_string()),
        });
        Box::pin(future::ready(answer.map_err(Into::into)))
    }
}
