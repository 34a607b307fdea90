//! Analyzers: what looks at the code, one per language or tool.

use webhook_core::{Open, Wire};

use crate::object::{NodeId, ObjectType};

/// An analyzer; one without an id keeps its name.
///
/// [Vendor page](https://docs.deepsource.com/docs/developers/webhooks/events)
#[derive(Debug, Clone, PartialEq, Wire)]
#[wire(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Analyzer {
    /// The id of the analyzer.
    pub id: Option<NodeId>,
    /// Always `Analyzer`.
    #[wire(rename = "object")]
    pub object_type: Option<Open<ObjectType>>,
    /// The name of the analyzer in configuration files, such as `python` or `test-coverage`. The vendor adds
    /// analyzers all the time, so this is no vocabulary.
    pub shortcode: Option<String>,
    /// The name of the analyzer for people.
    pub name: Option<String>,
    /// The address of its logo, on any host.
    #[wire(nullable, optional)]
    pub logo_url: Option<String>,
}
