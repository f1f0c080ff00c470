declare module "snowball-stemmers" {
  export interface Stemmer {
    stem(word: string): string;
  }
  const stemmers: { newStemmer(language: "german" | "english"): Stemmer };
  export default stemmers;
}
