//! The migrations on both real databases.

use sea_orm::ConnectionTrait;

#[tokio::test]
async fn migrations_apply_once_on_both_databases() {
    for db in testkit::databases().await {
        let again = schema::migrate(&db, testkit::NOON).await.unwrap();
        assert!(again.is_empty(), "a second run finds nothing to do: {again:?}");
    }
}

/// The consents recorded in the demande itself move to their own table, with the words of the form of that time.
#[tokio::test]
async fn former_consents_are_kept_with_the_words_that_were_shown() {
    let migration = include_str!("../migrations/20261122110000_accueil_droits.sql");
    let copy = migration.split(";\n").find(|statement| statement.contains("INSERT INTO")).unwrap();
    for db in testkit::databases().await {
        let tx = db.begin().await.unwrap();
        let before = "INSERT INTO territoire_territoire (id, slug, nom, couleur, couleur_accent, ligne_telephone, ligne_horaires, created_at)
          VALUES ('t', 't', 'Brenne', '', '', NULL, NULL, 0);
          INSERT INTO accueil_demande (territoire_id, id, numero, cle, canal, received_at, code_insee, contraintes, tour, urgence,
            consentement_at, version, updated_at)
          VALUES ('t', 'd', 1, 'c', 'web', 0, '36173', '', 0, 'semaine', 5, 1, 0), ('t', 'e', 2, 'k', 'web', 0, '36173', '', 0, 'semaine', NULL, 1, 0)";
        tx.execute_unprepared(before).await.unwrap();
        tx.execute_unprepared(copy).await.unwrap();
        tx.commit().await.unwrap();
        let kept = "SELECT demande_id || ' ' || finalite || ' ' || donne_at || ' ' || texte_montre FROM accueil_consentement";
        let kept = kit::sql::texts(db.read(), kept, []).await.unwrap();
        assert_eq!(kept, ["d rappel 5 J’accepte que Brenne garde mon nom et mon numéro le temps de répondre à cette demande"]);
    }
}

#[tokio::test]
async fn a_database_from_a_newer_program_is_refused() {
    for db in testkit::databases().await {
        let tx = db.begin().await.unwrap();
        kit::sql::execute(&tx, "INSERT INTO schema_migration (version, applied_at) VALUES ('29990101000000_futur', 0)", []).await.unwrap();
        tx.commit().await.unwrap();
        let refusal = schema::migrate(&db, testkit::NOON).await.unwrap_err().to_string();
        assert!(refusal.contains("29990101000000_futur"), "{refusal}");
    }
}
