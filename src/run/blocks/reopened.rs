//! Reads texts of a file again, at known offsets.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use crate::run::blocks::{FIRST_READ, GZIP, gzip_decoder, is_compressed};

/// A file that is opened again to read texts at known offsets.
#[derive(Debug)]
pub(crate) enum Reopened {
    /// A file that is not compressed.
    Plain(File),
    /// The decompressed start of a compressed file.
    Decompressed(Vec<u8>),
}

/// How many bytes of a compressed file are decompressed again; every thread that reads holds them in memory.
const MOST_DECOMPRESSED: usize = 4 << 20;

impl Reopened {
    /// Opens a file again.
    ///
    /// # Errors
    ///
    /// If it cannot be read, or is not a regular file.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        // Opening a pipe would wait for a writer.
        if !std::fs::metadata(path)?.is_file() {
            return Err(io::ErrorKind::Unsupported.into());
        }
        let mut file = File::open(path)?;
        let mut start = [0; GZIP.len()];
        let length = file.read(&mut start)?;
        if !is_compressed(&start[..length]) {
            return Ok(Reopened::Plain(file));
        }
        file.rewind()?;
        let mut decompressed = Vec::new();
        gzip_decoder(file).take(MOST_DECOMPRESSED as u64).read_to_end(&mut decompressed)?;
        Ok(Reopened::Decompressed(decompressed))
    }

    /// Reads bytes from an offset, fewer if the file ends before.
    ///
    /// # Errors
    ///
    /// If they cannot be read, or are too far into a compressed file.
    pub(crate) fn read(&mut self, offset: usize, length: usize) -> io::Result<Vec<u8>> {
        match self {
            Reopened::Plain(file) => {
                let mut bytes = Vec::with_capacity(length.min(FIRST_READ));
                file.seek(SeekFrom::Start(offset as u64))?;
                file.take(length as u64).read_to_end(&mut bytes)?;
                Ok(bytes)
            }
            Reopened::Decompressed(decompressed) => {
                let end = offset.saturating_add(length).min(decompressed.len());
                let found = decompressed.get(offset..end).unwrap_or_default();
                // The text may be cut off at the limit.
                if end == MOST_DECOMPRESSED { Err(io::ErrorKind::FileTooLarge.into()) } else { Ok(found.to_vec()) }
            }
        }
    }
}
