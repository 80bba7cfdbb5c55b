//! A real mail box: Dovecot, started for the test, with what an answering machine and a person leave in it.

use std::fs;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use super::monde::{SON, open, territoire};
use crate::boite::Boite;
use crate::model::{NatureMessage, Son};
use crate::rules::{SON_MAXIMUM, TROP_LOURD};
use crate::storage;
use base64ct::{Base64, Encoding};

const DOVECOT: &str = "/usr/sbin/dovecot";

/// A server that leaves with the test.
struct Serveur {
    child: Child,
    port: u16,
    _folder: tempfile::TempDir,
}

impl Drop for Serveur {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// One user, `ligne`, whose box is a Maildir with these e-mails.
fn start(lettres: &[String]) -> Serveur {
    // Not in the passing folder of `cargo xtask test`, which is closed to the user that Dovecot becomes.
    let folder = tempfile::tempdir_in("/tmp").unwrap();
    let root = folder.path();
    for name in ["cur", "new", "tmp"] {
        fs::create_dir_all(root.join("courrier").join(name)).unwrap();
    }
    for (n, lettre) in lettres.iter().enumerate() {
        fs::write(root.join(format!("courrier/new/{n}.essai")), lettre.replace('\n', "\r\n")).unwrap();
    }
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let id = |flag: &str| String::from_utf8(Command::new("id").arg(flag).output().unwrap().stdout).unwrap().trim().to_string();
    let (user, uid, gid) = (id("-un"), id("-u"), id("-g"));
    let shown = root.display();
    // Dovecot refuses to read mail as root: as root, the box is given to the user « mail ».
    let (user, uid, gid) = if uid == "0" {
        give_away(root);
        ("mail".to_string(), "mail".to_string(), "mail".to_string())
    } else {
        (user, uid, gid)
    };
    fs::write(root.join("passwd"), "ligne:{PLAIN}secret@1\n").unwrap();
    let config = format!(
        "protocols = imap\nlisten = 127.0.0.1\nbase_dir = {shown}/run\nstate_dir = {shown}/etat\nlog_path = {shown}/journal\nssl = no\n\
         disable_plaintext_auth = no\ndefault_internal_user = {user}\ndefault_login_user = {user}\nfirst_valid_uid = 1\nfirst_valid_gid = 0\n\
         mail_location = maildir:{shown}/courrier\n\
         service imap-login {{\n  chroot =\n  inet_listener imap {{\n    port = {port}\n  }}\n  inet_listener imaps {{\n    port = 0\n  }}\n}}\n\
         service anvil {{\n  chroot =\n}}\n\
         passdb {{\n  driver = passwd-file\n  args = {shown}/passwd\n}}\n\
         userdb {{\n  driver = static\n  args = uid={uid} gid={gid} home={shown}/courrier\n}}\n"
    );
    fs::write(root.join("dovecot.conf"), config).unwrap();
    let child = Command::new(DOVECOT).args(["-F", "-c"]).arg(root.join("dovecot.conf")).stdout(Stdio::null()).spawn();
    let serveur = Serveur { child: child.unwrap(), port, _folder: folder };
    for _ in 0..200 {
        if std::net::TcpStream::connect(("127.0.0.1", port)).is_ok() {
            return serveur;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("dovecot does not answer: {}", fs::read_to_string(serveur._folder.path().join("journal")).unwrap_or_default());
}

fn give_away(root: &Path) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(root, fs::Permissions::from_mode(0o755)).unwrap();
    assert!(Command::new("chown").args(["-R", "mail:mail"]).arg(root.join("courrier")).status().unwrap().success());
}

fn with_son(id: &str, contenu: &[u8]) -> String {
    let encoded = Base64::encode_string(contenu);
    let lines: Vec<&str> = encoded.as_bytes().chunks(76).map(|line| std::str::from_utf8(line).unwrap()).collect();
    format!(
        "From: repondeur@box.example\nTo: ligne@example.org\nSubject: Message de 06 12 34 56 78\nMessage-ID: <{id}>\nMIME-Version: 1.0\n\
         Content-Type: multipart/mixed; boundary=x\n\n--x\nContent-Type: text/plain\n\nVoir le son.\n--x\nContent-Type: audio/wav\n\
         Content-Transfer-Encoding: base64\nContent-Disposition: attachment; filename=a.wav\n\n{}\n--x--\n",
        lines.join("\n")
    )
}

#[tokio::test]
async fn a_mail_box_gives_each_message_once_and_a_recording_of_fifty_megabytes_stays_there() {
    if !Path::new(DOVECOT).exists() {
        eprintln!("the mail box skipped: {DOVECOT} is not there (cargo xtask setup installs it)");
        return;
    }
    for db in testkit::databases().await {
        let ligne = open(&db).await;
        let ecrite = "From: Zoe <zoe@example.org>\nSubject: Repas\nMessage-ID: <2@example.org>\n\nBonjour\n".to_string();
        let lettres = [with_son("1@box", SON), ecrite, with_son("3@box", &vec![b'R'; 10 * SON_MAXIMUM]), with_son("1@box", SON)];
        let serveur = start(&lettres);
        let boite = Boite::parse("val-de-drome", &format!("imap://ligne:secret%401@127.0.0.1:{}/INBOX", serveur.port)).unwrap();
        assert_eq!(boite.do_once(&ligne).await.unwrap(), 3, "the fourth one is the first one again");
        assert_eq!(boite.do_once(&ligne).await.unwrap(), 0, "all of them are read");
        let coffre = &ligne.accueil.coffre;
        let waiting = storage::list_waiting(&db, coffre, territoire().id, 10).await.unwrap();
        let of = |nature| waiting.iter().filter(|one| one.nature == nature).collect::<Vec<_>>();
        let [vocal] = of(NatureMessage::MessageVocal)[..] else { panic!("{waiting:?}") };
        assert_eq!(vocal.numero.as_deref(), Some("06 12 34 56 78"));
        let (mime, contenu) = storage::find_son(&db, coffre, (territoire().id, vocal.id)).await.unwrap().unwrap();
        assert_eq!((mime.as_str(), contenu.as_slice()), ("audio/wav", SON));
        let mut sons = vec![];
        for one in of(NatureMessage::Courriel) {
            sons.push(storage::find_message(&db, coffre, territoire().id, one.id).await.unwrap().unwrap().son);
        }
        assert!(sons.contains(&Son::Aucun) && sons.contains(&Son::Absent(TROP_LOURD.into())), "{sons:?}");
        let wrong = Boite::parse("val-de-drome", &format!("imap://ligne:faux@127.0.0.1:{}/", serveur.port)).unwrap();
        let refusal = format!("{:#}", wrong.do_once(&ligne).await.unwrap_err());
        assert!(refusal.contains("refuse") && !refusal.contains("faux"), "{refusal}");
    }
}
