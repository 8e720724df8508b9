//! What tells a finding from the others of a file from one run to the next, however lines move.

use std::collections::HashMap;

use siphasher::sip128::SipHasher13;

use crate::finding::Finding;

/// The fingerprints of the findings of a text, all different: of the rule, the place in the document
/// and which document it is, and of a scope that the caller chooses.
pub(super) fn fingerprints(scope: &str, findings: &[Finding]) -> Vec<String> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let fingerprint = |finding: &Finding| {
        let Finding { rule, primary, document, .. } = finding;
        let embedded = primary.embedded.as_deref().unwrap_or_default();
        let key = [scope, rule, &primary.pointer, embedded, &document.to_string()].join("\0");
        let before = seen.entry(key.clone()).or_default();
        let hash = SipHasher13::new().hash(format!("{key}\0{before}").as_bytes());
        *before += 1;
        format!("{:032x}", hash.as_u128())
    };
    findings.iter().map(fingerprint).collect()
}
