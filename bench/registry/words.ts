/** What the contracts of the bench speak about, and what its searches ask for. */
const list = (text: string) => text.split(/\s+/).filter(Boolean);

export const verbs = {
  en: list(`summarise compare translate measure convert draw sort filter predict classify
    transcribe compress validate schedule cluster annotate render simulate rank archive`),
  de: list(`zusammenfassen vergleichen übersetzen messen umrechnen zeichnen sortieren filtern
    vorhersagen einordnen abschreiben verdichten prüfen planen gruppieren beschriften darstellen`),
};

export const words = {
  en: list(`table chart document invoice contract weather temperature sensor report budget address
    customer order product image photograph sound recording sentence language model forecast
    balance account ledger storage warehouse route traffic vehicle energy voltage circuit protein
    molecule reaction patient diagnosis recipe ingredient library chapter paragraph citation
    survey question answer calendar meeting deadline river mountain harvest species orbit planet`),
  de: list(`Tabelle Diagramm Dokument Rechnung Vertrag Wetter Temperatur Messwert Bericht Haushalt
    Adresse Kunde Bestellung Produkt Bild Aufnahme Satz Sprache Modell Vorhersage Bilanz Konto
    Kassenbuch Speicher Lager Strecke Verkehr Fahrzeug Energie Spannung Schaltkreis Eiweiß Molekül
    Reaktion Patient Befund Rezept Zutat Bibliothek Kapitel Absatz Zitat Umfrage Frage Antwort
    Kalender Besprechung Frist Fluss Gebirge Ernte Umlaufbahn Planet`),
};
