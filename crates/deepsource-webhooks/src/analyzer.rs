//! Analyzers: the programs that check the code, one per language or tool.

use webhook_core::{Open, Wire};

use crate::object::{NodeId, ObjectType};

/// An analyzer. An analyzer without an id keeps its name.
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
    /// The name of the analyzer in configuration files, such as `python` or `test-coverage`. The vendor often adds
    /// analyzers, so this is not a vocabulary.
    pub shortcode: Option<String>,
    /// The display name of the analyzer.
    pub name: Option<String>,
    /// The URL of its logo, on any host.
    #[wire(nullable, optional)]
    pub logo_url: Option<String>,
}
