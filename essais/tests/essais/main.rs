//! The trials that can share one process: each program of trials is linked with the whole of Maillage and weighs as much on the disk.
//! Beside this folder stand those that measure time, kill, fill a disk or need the machine for themselves; and two that are run by name.

mod apercus;
mod api;
mod bilan;
mod cartes;
mod cles;
mod commande;
mod conservation;
mod debits;
mod discretion;
mod distribution;
mod donnees_ouvertes;
mod entrees_hostiles;
mod epreuves;
mod exploitation;
mod fiches;
mod horloge;
mod livres;
mod manques;
mod observatoire;
mod pages;
mod personnes;
mod prise_en_charge;
mod publication;
mod recensement;
mod referent;
mod repertoire;
mod reseau;
mod sauvegarde;
mod second_facteur;
mod territoires;
