//! Fingerprints: identify a finding from one run to the next, even when its line changes.

use std::collections::HashMap;

use siphasher::sip128::SipHasher13;

use crate::finding::Finding;

/// The fingerprint of some names: a hash as 32 hexadecimal digits.
pub(super) fn fingerprint(names: &[&str]) -> String {
    format!("{:032x}", SipHasher13::new().hash(names.join("\0").as_bytes()).as_u128())
}

/// The fingerprints of the findings of a text, all different. Each is of the scope, which the caller chooses, the
/// rule, the pointer and the index of the document.
pub(super) fn fingerprints(scope: &str, findings: &[Finding]) -> Vec<String> {
    let mut seen: HashMap<String, usize> = HashMap::new();
    let of = |finding: &Finding| {
        let location = finding.location();
        let embedded = location.embedded_pointer().unwrap_or_default();
        let key = [scope, finding.rule.name, location.pointer(), embedded, &finding.document.to_string()].join("\0");
        let before = seen.entry(key.clone()).or_default();
        let fingerprint = fingerprint(&[&key, &before.to_string()]);
        *before += 1;
        fingerprint
    };
    findings.iter().map(of).collect()
}
