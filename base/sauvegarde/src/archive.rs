//! The file of a backup: a header, then pieces encrypted and authenticated one after the other (XChaCha20-Poly1305 in
//! the STREAM construction). A byte altered, a piece moved or missing, an end cut off: reading fails, always.

use std::io::{self, Read, Write};

use aead_stream::{DecryptorBE32, EncryptorBE32};
use chacha20poly1305::XChaCha20Poly1305;

use crate::Cle;

const MAGIC: &[u8; 20] = b"maillage-sauvegarde\n";
const VERSION: u8 = 1;
/// XChaCha20 takes 24 bytes; STREAM keeps 5 of them for the rank of the piece and the mark of the last one.
const NONCE: usize = 19;
const HEADER: usize = MAGIC.len() + 1 + 8 + NONCE;
const PIECE: usize = 64 * 1_024;
const TAG: usize = 16;

/// Why an archive cannot be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RefusArchive {
    #[error("ce fichier n’est pas une sauvegarde de Maillage, ou son début est abîmé")]
    PasUneArchive,
    #[error("cette sauvegarde vient d’une version plus récente de Maillage, ou son début est abîmé")]
    VersionInconnue,
    #[error("cette sauvegarde a été chiffrée avec une autre clé, ou son début est abîmé")]
    AutreCle,
    #[error("cette sauvegarde est abîmée ou incomplète")]
    Alteree,
}

impl From<RefusArchive> for io::Error {
    fn from(refus: RefusArchive) -> Self {
        Self::new(io::ErrorKind::InvalidData, refus)
    }
}

/// Encrypts what is written to it. Without `finish` the archive has no end, and is refused when read.
pub struct ArchiveWriter<W: Write> {
    output: W,
    encryptor: EncryptorBE32<XChaCha20Poly1305>,
    header: [u8; HEADER],
    piece: Vec<u8>,
}

impl<W: Write> ArchiveWriter<W> {
    pub fn start(mut output: W, cle: &Cle) -> anyhow::Result<Self> {
        let mut nonce = [0_u8; NONCE];
        getrandom::fill(&mut nonce).map_err(|error| anyhow::anyhow!("le hasard du système ne répond pas : {error}"))?;
        let header = header(cle, &nonce);
        output.write_all(&header)?;
        let encryptor = EncryptorBE32::new(cle.bytes().into(), (&nonce).into());
        Ok(Self { output, encryptor, header, piece: Vec::with_capacity(PIECE + TAG) })
    }

    pub fn finish(mut self) -> io::Result<W> {
        self.encryptor.encrypt_last_in_place(&self.header, &mut self.piece).map_err(|_| io::Error::other("chiffrement"))?;
        self.output.write_all(&self.piece)?;
        Ok(self.output)
    }

    fn write_piece(&mut self) -> io::Result<()> {
        self.encryptor.encrypt_next_in_place(&self.header, &mut self.piece).map_err(|_| io::Error::other("chiffrement"))?;
        self.output.write_all(&self.piece)?;
        self.piece.clear();
        Ok(())
    }
}

impl<W: Write> Write for ArchiveWriter<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // A full piece waits for more: only `finish` knows which one is the last.
        if self.piece.len() == PIECE {
            self.write_piece()?;
        }
        let taken = bytes.len().min(PIECE - self.piece.len());
        self.piece.extend_from_slice(&bytes[..taken]);
        Ok(taken)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.output.flush()
    }
}

/// Decrypts what is read from it; an archive that is not whole ends in an error, never in a silent end.
pub struct ArchiveReader<R: Read> {
    input: R,
    /// Taken by the last piece.
    decryptor: Option<DecryptorBE32<XChaCha20Poly1305>>,
    header: [u8; HEADER],
    piece: Vec<u8>,
    read: usize,
    ahead: Vec<u8>,
}

impl<R: Read> ArchiveReader<R> {
    pub fn start(mut input: R, cle: &Cle) -> io::Result<Self> {
        let bytes = read_up_to(&mut input, HEADER)?;
        let header = <[u8; HEADER]>::try_from(bytes.as_slice()).map_err(|_| RefusArchive::PasUneArchive)?;
        let nonce = check_header(&header, cle)?;
        let decryptor = Some(DecryptorBE32::new(cle.bytes().into(), (&nonce).into()));
        let ahead = read_up_to(&mut input, PIECE + TAG)?;
        Ok(Self { input, decryptor, header, piece: vec![], read: 0, ahead })
    }

    fn read_piece(&mut self) -> io::Result<()> {
        let Some(mut decryptor) = self.decryptor.take() else { return Ok(()) };
        let following = if self.ahead.len() == PIECE + TAG { read_up_to(&mut self.input, PIECE + TAG)? } else { vec![] };
        self.piece = std::mem::replace(&mut self.ahead, following);
        self.read = 0;
        if self.ahead.is_empty() {
            decryptor.decrypt_last_in_place(&self.header, &mut self.piece).map_err(|_| RefusArchive::Alteree)?;
        } else {
            decryptor.decrypt_next_in_place(&self.header, &mut self.piece).map_err(|_| RefusArchive::Alteree)?;
            self.decryptor = Some(decryptor);
        }
        Ok(())
    }
}

impl<R: Read> Read for ArchiveReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.read == self.piece.len() {
            self.piece.clear();
            self.read = 0;
            self.read_piece()?;
        }
        let given = buffer.len().min(self.piece.len() - self.read);
        buffer[..given].copy_from_slice(&self.piece[self.read..self.read + given]);
        self.read += given;
        Ok(given)
    }
}

fn header(cle: &Cle, nonce: &[u8; NONCE]) -> [u8; HEADER] {
    let mut header = [0; HEADER];
    let parts: [&[u8]; 4] = [MAGIC, &[VERSION], &cle.empreinte(), nonce];
    header.iter_mut().zip(parts.concat()).for_each(|(to, from)| *to = from);
    header
}

fn check_header(header: &[u8; HEADER], cle: &Cle) -> Result<[u8; NONCE], RefusArchive> {
    let (magic, rest) = header.split_at(MAGIC.len());
    let (version, rest) = rest.split_at(1);
    let (empreinte, nonce) = rest.split_at(8);
    if magic != MAGIC {
        return Err(RefusArchive::PasUneArchive);
    }
    if version != [VERSION] {
        return Err(RefusArchive::VersionInconnue);
    }
    if empreinte != cle.empreinte() {
        return Err(RefusArchive::AutreCle);
    }
    nonce.try_into().map_err(|_| RefusArchive::PasUneArchive)
}

fn read_up_to(input: &mut impl Read, size: usize) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::with_capacity(size);
    input.take(size as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}
