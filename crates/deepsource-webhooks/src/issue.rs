//! Issues: what an analyzer can find, described once for all code.

use strum::{EnumString, IntoStaticStr, VariantNames};
use webhook_core::{Open, Wire};

use crate::analyzer::Analyzer;
use crate::object::{NodeId, ObjectType};

/// A kind of finding.
///
/// **Trap:** webhooks tell no severity, although the vendor's API has one.
///
/// [Vendor page](https://docs.deepsource.com/docs/developers/webhooks/events)
#[derive(Debug, Clone, PartialEq, Eq, Wire)]
#[wire(rename_all = "camelCase")]
#[doc(alias = "repository_issue.introduced")]
#[doc(alias = "repository_issue.resolved")]
#[doc(alias = "autofix_run.started")]
#[doc(alias = "autofix_run.updated")]
#[non_exhaustive]
pub struct Issue {
    /// The id of the issue.
    pub id: NodeId,
    /// Always `Issue`.
    #[wire(rename = "object")]
    pub object_type: Option<Open<ObjectType>>,
    /// The code of the issue, such as `RS-W1031`; new ones are added all the time.
    pub shortcode: Option<String>,
    /// The title; may hold code in Markdown's backticks.
    pub title: Option<String>,
    /// What the issue is about, in Markdown.
    pub short_description: Option<String>,
    /// What the issue endangers.
    pub category: Option<Open<IssueCategory>>,
    /// Whether DeepSource can fix it by itself.
    pub autofix_available: Option<bool>,
    /// Whether DeepSource recommends to look for it.
    pub is_recommended: Option<bool>,
    /// The analyzer that finds it.
    pub analyzer: Option<Analyzer>,
}

/// What an issue endangers.
///
/// [Vendor page](https://docs.deepsource.com/docs/apis-reference-enums)
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, EnumString, IntoStaticStr, VariantNames)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub enum IssueCategory {
    /// Working code that is better written differently.
    AntiPattern,
    /// Code that may do something else than was meant.
    BugRisk,
    /// Code that is slower than it has to be.
    Performance,
    /// Code that can be attacked.
    Security,
    /// Code that no test reaches.
    Coverage,
    /// Code whose types do not fit.
    Typecheck,
    /// Code that is formatted differently from its surroundings.
    Style,
    /// Code without a description.
    Documentation,
    /// Passwords and keys in code.
    Secrets,
}
