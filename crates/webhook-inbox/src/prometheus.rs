//! The metrics of an inbox as text for Prometheus and OpenTelemetry collectors.

use std::fmt;

use chrono::{DateTime, Utc};
use prometheus_client::collector::Collector;
use prometheus_client::encoding::text::encode;
use prometheus_client::encoding::{DescriptorEncoder, EncodeLabelSet, EncodeMetric, MetricEncoder};
use prometheus_client::metrics::MetricType;
use prometheus_client::metrics::counter::ConstCounter;
use prometheus_client::metrics::gauge::ConstGauge;
use prometheus_client::registry::{Registry, Unit};

use crate::counts::SinkCounts;
use crate::inbox::Inbox;
use crate::metrics::{COMMIT_SECONDS, Metrics};

/// The content type of [`Inbox::openmetrics`].
pub const OPENMETRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

impl Inbox {
    /// The metrics in the text format of `OpenMetrics`.
    ///
    /// If the store is not available, the metric `webhooks_inbox_up` is 0 and the counts of the sinks are missing.
    pub async fn openmetrics(&self) -> String {
        let snapshot =
            Snapshot { metrics: self.metrics(), sinks: self.backlog().await.ok(), now: Utc::now() };
        let mut registry = Registry::with_prefix("webhooks");
        registry.register_collector(Box::new(snapshot));
        let mut text = String::new();
        // Writing into a text cannot fail.
        let _ = encode(&mut text, &registry);
        text
    }
}

/// The data of one scrape.
#[derive(Debug)]
struct Snapshot {
    metrics: Metrics,
    sinks: Option<Vec<SinkCounts>>,
    now: DateTime<Utc>,
}

impl Collector for Snapshot {
    fn encode(&self, mut encoder: DescriptorEncoder<'_>) -> fmt::Result {
        self.intake(&mut encoder)?;
        self.commits(&mut encoder)?;
        self.sinks(&mut encoder)
    }
}

impl Snapshot {
    fn intake(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let metrics = &self.metrics;
        let events = |pick: fn(&crate::metrics::Received) -> u64| {
            metrics.received.iter().map(move |received| {
                ([("vendor", received.vendor.as_str()), ("event", received.event.as_str())], pick(received))
            })
        };
        counters(
            encoder,
            "received",
            "Deliveries that were stored, repetitions included",
            events(|of| of.count),
        )?;
        let duplicates = events(|of| of.duplicates);
        counters(encoder, "duplicates", "Deliveries that were stored before", duplicates)?;
        let rejected = metrics
            .rejected
            .iter()
            .map(|of| ([("vendor", of.vendor.as_str()), ("reason", of.reason.as_str())], of.count));
        counters(encoder, "rejected", "Requests that failed a check", rejected)?;
        let unavailable = "Deliveries that were answered 503, because the store was full, down or slow";
        one(encoder, "unavailable", unavailable, &ConstCounter::new(metrics.unavailable))
    }

    fn commits(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let metrics = &self.metrics;
        let took = &metrics.commit_seconds;
        let bounds = COMMIT_SECONDS.into_iter().chain([f64::INFINITY]);
        let buckets: Vec<(f64, u64)> = bounds.zip(took.buckets).collect();
        encoder
            .encode_descriptor(
                "commit",
                "Time that a commit took",
                Some(&Unit::Seconds),
                MetricType::Histogram,
            )?
            .encode_histogram::<[(&str, &str); 0]>(took.sum_seconds, took.count, &buckets, None)?;
        one(encoder, "commit_rows", "Deliveries in all commits", &ConstCounter::new(metrics.commit_rows))?;
        one(encoder, "commits_failed", "Commits that failed", &ConstCounter::new(metrics.commits_failed))?;
        let ok = ConstGauge::new(i64::from(metrics.last_commit_ok));
        one(encoder, "last_commit_ok", "Whether the last commit succeeded", &ok)?;
        let up = ConstGauge::new(i64::from(self.sinks.is_some()));
        one(encoder, "inbox_up", "Whether the store could be read", &up)
    }

    fn sinks(&self, encoder: &mut DescriptorEncoder<'_>) -> fmt::Result {
        let Some(sinks) = &self.sinks else { return Ok(()) };
        let of = |pick: fn(&SinkCounts) -> u64| {
            sinks.iter().map(move |counts| {
                ([("sink", counts.sink.as_str())], i64::try_from(pick(counts)).unwrap_or(i64::MAX))
            })
        };
        let pending = "Deliveries that wait for an attempt";
        gauges(encoder, "sink_pending", pending, None, of(|counts| counts.pending))?;
        gauges(
            encoder,
            "sink_claimed",
            "Deliveries that are being handled",
            None,
            of(|counts| counts.claimed),
        )?;
        gauges(encoder, "sink_dead", "Deliveries that are dead", None, of(|counts| counts.dead))?;
        let paused = "Whether the sink is paused";
        gauges(encoder, "sink_paused", paused, None, of(|counts| u64::from(counts.paused_until.is_some())))?;
        let ages = sinks.iter().map(|counts| {
            let age = counts.oldest_pending_at.map_or(0, |oldest| (self.now - oldest).num_seconds().max(0));
            ([("sink", counts.sink.as_str())], age)
        });
        let age = "Age of the oldest delivery that is neither handled nor dead";
        gauges(encoder, "sink_oldest_pending_age", age, Some(&Unit::Seconds), ages)
    }
}

/// A counter per set of labels.
fn counters<'a, const N: usize>(
    encoder: &mut DescriptorEncoder<'_>,
    name: &str,
    help: &str,
    values: impl IntoIterator<Item = ([(&'a str, &'a str); N], u64)>,
) -> fmt::Result {
    let family = encoder.encode_descriptor(name, help, None, MetricType::Counter)?;
    each(family, values.into_iter().map(|(labels, value)| (labels, ConstCounter::new(value))))
}

/// A gauge per set of labels.
fn gauges<'a, const N: usize>(
    encoder: &mut DescriptorEncoder<'_>,
    name: &str,
    help: &str,
    unit: Option<&Unit>,
    values: impl IntoIterator<Item = ([(&'a str, &'a str); N], i64)>,
) -> fmt::Result {
    let family = encoder.encode_descriptor(name, help, unit, MetricType::Gauge)?;
    each(family, values.into_iter().map(|(labels, value)| (labels, ConstGauge::new(value))))
}

/// A metric without labels.
fn one(
    encoder: &mut DescriptorEncoder<'_>,
    name: &str,
    help: &str,
    metric: &impl EncodeMetric,
) -> fmt::Result {
    metric.encode(encoder.encode_descriptor(name, help, None, metric.metric_type())?)
}

fn each<L: EncodeLabelSet>(
    mut family: MetricEncoder<'_>,
    values: impl Iterator<Item = (L, impl EncodeMetric)>,
) -> fmt::Result {
    for (labels, metric) in values {
        metric.encode(family.encode_family(&labels)?)?;
    }
    Ok(())
}
