//! Offsets as JavaScript counts them: in units of UTF-16.

const BLOCK: usize = 256;

/// Turns offsets in bytes into offsets in units of UTF-16.
pub(crate) struct Utf16<'t> {
    text: &'t str,
    /// How many units there are before each block of [`BLOCK`] bytes; none where every byte is a character.
    before: Option<Vec<usize>>,
}

impl<'t> Utf16<'t> {
    pub(crate) fn of(text: &'t str) -> Self {
        let add = |count: &mut usize, block: &[u8]| {
            let before = *count;
            *count += units(block);
            Some(before)
        };
        let before = || text.as_bytes().chunks(BLOCK).scan(0, add).collect();
        Utf16 { text, before: (!text.is_ascii()).then(before) }
    }

    pub(crate) fn offset(&self, bytes: usize) -> usize {
        let bytes = bytes.min(self.text.len());
        let Some(before) = &self.before else { return bytes };
        // The end of the text may be that of a whole block.
        let block = (bytes / BLOCK).min(before.len().saturating_sub(1));
        before[block] + units(&self.text.as_bytes()[block * BLOCK..bytes])
    }
}

/// The units of bytes: one where a character starts, two if it has four bytes.
fn units(bytes: &[u8]) -> usize {
    bytes.iter().map(|byte| usize::from(!matches!(byte, 0x80..=0xBF)) + usize::from(*byte >= 0xF0)).sum()
}

#[cfg(test)]
mod tests {
    use super::Utf16;

    #[test]
    fn offsets_are_those_of_javascript() {
        for text in ["", "plain", "ä€𝄞z", &"𝄞".repeat(64), &"aä".repeat(200)] {
            let utf16 = Utf16::of(text);
            for (bytes, _) in text.char_indices().chain([(text.len(), ' ')]) {
                assert_eq!(utf16.offset(bytes), text[..bytes].encode_utf16().count(), "{bytes} of {text}");
            }
        }
    }
}
