//! A disk that loses its power: what was not synced is lost, or half written, sector by sector, as a real one does.
//! One folder, files in memory, mounted by FUSE; only root may mount it, and only where `/dev/fuse` is.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, UNIX_EPOCH};

use fuser::{
    BackgroundSession, BsdFileFlags, Errno, FileAttr, FileHandle, FileType, Filesystem, FopenFlags, Generation, INodeNo, LockOwner,
    OpenFlags, ReplyAttr, ReplyCreate, ReplyData, ReplyDirectory, ReplyEmpty, ReplyEntry, ReplyOpen, ReplyStatfs, ReplyWrite, Request,
    TimeOrNow, WriteFlags,
};

const SECTOR: usize = 512;
const TTL: Duration = Duration::from_secs(1);

/// A file as programs see it, and as it would be after a cut.
#[derive(Clone, Default)]
struct Fichier {
    seen: Vec<u8>,
    durable: Vec<u8>,
}

#[derive(Default)]
struct Contenu {
    files: BTreeMap<u64, Fichier>,
    names: BTreeMap<String, u64>,
    durable_names: BTreeMap<String, u64>,
    last: u64,
}

/// The disk; cloning shares it, and it outlives what is mounted on it.
#[derive(Clone, Default)]
pub struct Disque(Arc<Mutex<Contenu>>);

impl Disque {
    /// Shows the disk at an empty folder, until what is given back is dropped.
    pub fn mount(&self, folder: &Path) -> std::io::Result<BackgroundSession> {
        fuser::spawn_mount(self.clone(), folder, &fuser::Config::default())
    }

    /// Everything written so far reaches the disk.
    pub fn settle(&self) {
        let mut contenu = self.lock();
        contenu.files.values_mut().for_each(|file| file.durable = file.seen.clone());
        contenu.durable_names = contenu.names.clone();
    }

    /// The power goes. Of what was written since the last sync, each sector is there or not, as `seed` decides;
    /// names that were not synced are as before. Gives how many sectors were lost.
    pub fn cut(&self, seed: u64) -> usize {
        let (mut contenu, mut luck, mut lost) = (self.lock(), Luck(seed), 0);
        contenu.names = contenu.durable_names.clone();
        let named: Vec<u64> = contenu.names.values().copied().collect();
        contenu.files.retain(|ino, _| named.contains(ino));
        for file in contenu.files.values_mut() {
            lost += file.cut(&mut luck);
        }
        lost
    }

    fn lock(&self) -> MutexGuard<'_, Contenu> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Answers about the file of an inode, or says that there is none.
    fn with<T>(&self, ino: INodeNo, answer: impl FnOnce(&mut Fichier) -> T) -> Result<T, Errno> {
        self.lock().files.get_mut(&u64::from(ino)).map(answer).ok_or(Errno::ENOENT)
    }

    fn find(&self, name: &OsStr) -> Option<FileAttr> {
        let contenu = self.lock();
        let ino = *contenu.names.get(name.to_str()?)?;
        Some(attr(ino, contenu.files.get(&ino)?.seen.len()))
    }

    fn create_file(&self, name: &OsStr) -> FileAttr {
        let mut contenu = self.lock();
        contenu.last += 1;
        let ino = contenu.last + u64::from(INodeNo::ROOT);
        contenu.files.insert(ino, Fichier::default());
        contenu.names.insert(name.to_string_lossy().into_owned(), ino);
        attr(ino, 0)
    }
}

impl Fichier {
    fn write(&mut self, offset: usize, data: &[u8]) {
        let end = offset + data.len();
        if self.seen.len() < end {
            self.seen.resize(end, 0);
        }
        self.seen[offset..end].copy_from_slice(data);
    }

    fn cut(&mut self, luck: &mut Luck) -> usize {
        let mut left = self.durable.clone();
        if self.seen.len() != self.durable.len() && luck.draw() {
            left.resize(self.seen.len(), 0);
        }
        let mut lost = 0;
        for (rang, sector) in self.seen.chunks(SECTOR).enumerate() {
            let place = rang * SECTOR..rang * SECTOR + sector.len();
            if self.durable.get(place.clone()) == Some(sector) {
                continue;
            }
            match left.get_mut(place) {
                Some(kept) if luck.draw() => kept.copy_from_slice(sector),
                _ => lost += 1,
            }
        }
        self.seen.clone_from(&left);
        self.durable = left;
        lost
    }
}

/// Always the same for the same seed, so that a failure can be replayed (splitmix64).
struct Luck(u64);

impl Luck {
    fn draw(&mut self) -> bool {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        (mixed ^ (mixed >> 27)) & 1 == 1
    }
}

fn attr(ino: u64, size: usize) -> FileAttr {
    let is_root = ino == u64::from(INodeNo::ROOT);
    FileAttr {
        ino: INodeNo(ino),
        size: size as u64,
        blocks: size.div_ceil(SECTOR) as u64,
        atime: UNIX_EPOCH,
        mtime: UNIX_EPOCH,
        ctime: UNIX_EPOCH,
        crtime: UNIX_EPOCH,
        kind: if is_root { FileType::Directory } else { FileType::RegularFile },
        perm: if is_root { 0o700 } else { 0o600 },
        nlink: 1,
        uid: 0,
        gid: 0,
        rdev: 0,
        flags: 0,
        blksize: 4_096,
    }
}

impl Filesystem for Disque {
    fn lookup(&self, _: &Request, _: INodeNo, name: &OsStr, reply: ReplyEntry) {
        match self.find(name) {
            Some(known) => reply.entry(&TTL, &known, Generation(0)),
            None => reply.error(Errno::ENOENT),
        }
    }

    fn getattr(&self, _: &Request, ino: INodeNo, _: Option<FileHandle>, reply: ReplyAttr) {
        if ino == INodeNo::ROOT {
            return reply.attr(&TTL, &attr(u64::from(ino), 0));
        }
        match self.with(ino, |file| attr(u64::from(ino), file.seen.len())) {
            Ok(known) => reply.attr(&TTL, &known),
            Err(error) => reply.error(error),
        }
    }

    #[rustfmt::skip]
    fn setattr(
        &self, _: &Request, ino: INodeNo, _: Option<u32>, _: Option<u32>, _: Option<u32>, size: Option<u64>, _: Option<TimeOrNow>,
        _: Option<TimeOrNow>, _: Option<std::time::SystemTime>, _: Option<FileHandle>, _: Option<std::time::SystemTime>,
        _: Option<std::time::SystemTime>, _: Option<std::time::SystemTime>, _: Option<BsdFileFlags>, reply: ReplyAttr,
    ) {
        let resized = self.with(ino, |file| {
            let size = size.map_or(file.seen.len(), |size| size as usize);
            file.seen.resize(size, 0);
            attr(u64::from(ino), size)
        });
        match resized {
            Ok(known) => reply.attr(&TTL, &known),
            Err(error) => reply.error(error),
        }
    }

    fn create(&self, _: &Request, _: INodeNo, name: &OsStr, _: u32, _: u32, _: i32, reply: ReplyCreate) {
        reply.created(&TTL, &self.create_file(name), Generation(0), FileHandle(0), FopenFlags::empty());
    }

    fn unlink(&self, _: &Request, _: INodeNo, name: &OsStr, reply: ReplyEmpty) {
        // The file itself stays for whoever has it open, and for the cut that brings its name back.
        match self.lock().names.remove(name.to_string_lossy().as_ref()) {
            Some(_) => reply.ok(),
            None => reply.error(Errno::ENOENT),
        }
    }

    fn open(&self, _: &Request, _: INodeNo, _: OpenFlags, reply: ReplyOpen) {
        reply.opened(FileHandle(0), FopenFlags::empty());
    }

    #[rustfmt::skip]
    fn read(
        &self, _: &Request, ino: INodeNo, _: FileHandle, offset: u64, size: u32, _: OpenFlags, _: Option<LockOwner>, reply: ReplyData,
    ) {
        let read = self.with(ino, |file| {
            let start = file.seen.len().min(offset as usize);
            file.seen[start..file.seen.len().min(start + size as usize)].to_vec()
        });
        match read {
            Ok(bytes) => reply.data(&bytes),
            Err(error) => reply.error(error),
        }
    }

    #[rustfmt::skip]
    fn write(
        &self, _: &Request, ino: INodeNo, _: FileHandle, offset: u64, data: &[u8], _: WriteFlags, _: OpenFlags, _: Option<LockOwner>,
        reply: ReplyWrite,
    ) {
        match self.with(ino, |file| file.write(offset as usize, data)) {
            Ok(()) => reply.written(u32::try_from(data.len()).unwrap_or(u32::MAX)),
            Err(error) => reply.error(error),
        }
    }

    fn flush(&self, _: &Request, _: INodeNo, _: FileHandle, _: LockOwner, reply: ReplyEmpty) {
        reply.ok();
    }

    fn fsync(&self, _: &Request, ino: INodeNo, _: FileHandle, _: bool, reply: ReplyEmpty) {
        match self.with(ino, |file| file.durable.clone_from(&file.seen)) {
            Ok(()) => reply.ok(),
            Err(error) => reply.error(error),
        }
    }

    fn fsyncdir(&self, _: &Request, _: INodeNo, _: FileHandle, _: bool, reply: ReplyEmpty) {
        let mut contenu = self.lock();
        contenu.durable_names = contenu.names.clone();
        drop(contenu);
        reply.ok();
    }

    fn readdir(&self, _: &Request, _: INodeNo, _: FileHandle, offset: u64, mut reply: ReplyDirectory) {
        for (rang, (name, ino)) in (1_u64..).zip(&self.lock().names).skip(offset as usize) {
            if reply.add(INodeNo(*ino), rang, FileType::RegularFile, name) {
                break;
            }
        }
        reply.ok();
    }

    fn statfs(&self, _: &Request, _: INodeNo, reply: ReplyStatfs) {
        const BLOCKS: u64 = 1 << 20;
        reply.statfs(BLOCKS, BLOCKS, BLOCKS, BLOCKS, BLOCKS, 4_096, 255, 4_096);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_synced_stays_and_what_was_not_may_go() {
        let (mut kept, mut lost) = (0, 0);
        for seed in 0..100 {
            let mut file = Fichier::default();
            file.write(0, &[1; 2 * SECTOR]);
            file.durable.clone_from(&file.seen);
            file.write(SECTOR, &[2; SECTOR]);
            file.cut(&mut Luck(seed));
            assert_eq!(&file.seen[..SECTOR], [1; SECTOR]);
            match file.seen[SECTOR] {
                2 => kept += 1,
                _ => lost += 1,
            }
        }
        assert!(kept > 20 && lost > 20, "{kept} kept, {lost} lost");
    }

    #[test]
    fn a_name_that_was_not_synced_is_as_before() {
        let disque = Disque::default();
        disque.create_file(OsStr::new("ancien"));
        disque.settle();
        disque.create_file(OsStr::new("nouveau"));
        disque.cut(1);
        assert!(disque.find(OsStr::new("ancien")).is_some() && disque.find(OsStr::new("nouveau")).is_none());
    }
}
