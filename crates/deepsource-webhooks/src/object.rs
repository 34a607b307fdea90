//! What all objects have: an id and the name of their type.

use std::fmt;
use std::str::FromStr;

use webhook_core::{UnlistedName, Vocabulary};

webhook_core::text_id! {
    /// The id of an object in DeepSource: opaque text.
    ///
    /// **Trap:** it looks like base64 and decodes to names that differ from the public ones, so there is nothing to
    /// read in it.
    pub struct NodeId;

    /// The id of an analysis run or of an Autofix run, as it stands in the dashboard's addresses.
    ///
    /// **Trap:** it is a UUID in practice, but the vendor's own samples hold texts that are none, so it is not parsed.
    pub struct RunUid;
}

/// As `webhook_core::vocabulary!`, which takes no value whose text is its name: rustdoc refuses such an alias.
macro_rules! object_types {
    (
        $(#[$attribute:meta])*
        pub enum $name:ident {
            $($(#[$value_attribute:meta])* $value:ident,)+
        }
    ) => {
        $(#[$attribute])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$value_attribute])* $value,)+
        }

        impl $name {
            /// Every value, in the order of the list.
            pub const ALL: &'static [Self] = &[$(Self::$value),+];

            /// The value in the vendor's spelling.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$value => stringify!($value),)+
                }
            }
        }

        impl Vocabulary for $name {
            const ALL: &'static [Self] = Self::ALL;
            const NAMES: &'static [&'static str] = &[$(stringify!($value)),+];

            fn as_str(self) -> &'static str {
                self.as_str()
            }
        }

        impl FromStr for $name {
            type Err = UnlistedName;

            fn from_str(text: &str) -> Result<Self, UnlistedName> {
                let value = Self::ALL.iter().find(|value| value.as_str() == text);
                value.copied().ok_or_else(|| UnlistedName::new(text, Self::NAMES))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        webhook_core::name_as_serde!($name);
    };
}

object_types! {
    /// The type of an object, as it names itself in its key `object`.
    ///
    /// What an object is follows from where it stands, so decoding does not look at this.
    ///
    /// [Vendor page](https://docs.deepsource.com/docs/developers/webhooks/events)
    pub enum ObjectType {
        /// [`AnalysisRun`](crate::analysis_run::AnalysisRun)
        AnalysisRun,
        /// [`AnalysisRunSummary`](crate::analysis_run::AnalysisRunSummary)
        AnalysisRunSummary,
        /// [`AnalyzerDistribution`](crate::analysis_run::AnalyzerDistribution)
        OccurrenceDistributionByAnalyzer,
        /// [`CategoryDistribution`](crate::analysis_run::CategoryDistribution)
        OccurrenceDistributionByCategory,
        /// [`Check`](crate::analysis_run::Check)
        Check,
        /// [`CheckSummary`](crate::analysis_run::CheckSummary)
        CheckSummary,
        /// [`Analyzer`](crate::analyzer::Analyzer)
        Analyzer,
        /// [`Repository`](crate::repository::Repository)
        Repository,
        /// [`Account`](crate::account::Account)
        Account,
        /// [`AutofixRun`](crate::autofix_run::AutofixRun)
        AutofixRun,
        /// [`Issue`](crate::issue::Issue)
        Issue,
        /// [`RepositoryIssue`](crate::repository_issue::RepositoryIssue)
        RepositoryIssue,
        /// [`Occurrence`](crate::repository_issue::Occurrence)
        Occurrence,
        /// [`TeamMember`](crate::team_member::TeamMember)
        TeamMember,
        /// [`User`](crate::team_member::User)
        User,
    }
}
