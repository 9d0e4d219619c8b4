// Read a .bib with one of the programs that people use, and say what it understood:
// `node read.mjs READER FILE.bib` prints one JSON array of
// {key, type, title, authors: ["Family, Given" | "Organisation"], year, doi, arxiv, tags}.
import { readFileSync } from 'node:fs'

const text = value => (value ?? []).map(part => part.text ?? '').join('')
const withoutMarks = title => (title ?? '').replace(/<[^>]*>/g, '')

function person(prefix, family, given, suffix) {
  const whole = [prefix, family].filter(Boolean).join(' ')
  return [whole, given, suffix].filter(Boolean).join(', ')
}

function arxivOf(eprint, scheme) {
  return /^arxiv$/i.test(scheme ?? '') ? eprint ?? '' : ''
}

const readers = {
  // the parser of Better BibTeX for Zotero
  async 'bibtex-parser'(bib) {
    const { parse } = await import('@retorquere/bibtex-parser')
    const { errors, entries } = parse(bib)
    if (errors.length) throw new Error(JSON.stringify(errors))
    return entries.map(({ key, type, fields }) => ({
      key,
      type,
      title: withoutMarks(fields.title),
      authors: (fields.author ?? []).map(name =>
        name.name ?? person(name.prefix, name.lastName, name.firstName, name.suffix)),
      year: fields.year ?? fields.date?.slice(0, 4),
      doi: fields.doi ?? '',
      arxiv: arxivOf(fields.eprint, fields.eprinttype),
      tags: fields.keywords ?? [],
    }))
  },

  async 'citation-js'(bib) {
    const { Cite } = await import('@citation-js/core')
    await import('@citation-js/plugin-bibtex')
    return new Cite(bib).data.map(item => ({
      key: item['citation-key'],
      type: item.type,
      title: withoutMarks(item.title),
      authors: (item.author ?? []).map(name => name.literal
        ?? person(name['non-dropping-particle'], name.family, name.given, name.suffix)),
      year: String(item.issued?.['date-parts']?.[0]?.[0] ?? ''),
      doi: item.DOI ?? '',
      arxiv: /^arXiv:(\S+)/.exec(item.publisher ?? '')?.[1] ?? '', // it has no place for eprint
      tags: item.keyword ? item.keyword.split(',') : [],
    }))
  },

  // the reader of Fidus Writer
  async 'biblatex-csl-converter'(bib) {
    // its "main" is an ES module that node takes for CommonJS
    const { BibLatexParser } = await import('biblatex-csl-converter/lib/index.mjs')
    const { entries, errors, warnings } = new BibLatexParser(bib, {}).parse()
    // we write both BibTeX's archiveprefix and biblatex's eprinttype; Zotero reads only the latter
    const said = [...errors, ...warnings ?? []].filter(one => one.field !== 'archiveprefix')
    if (said.length) throw new Error(JSON.stringify(said))
    return Object.values(entries).map(({ entry_key, bib_type, fields }) => ({
      key: entry_key,
      type: bib_type,
      title: text(fields.title),
      authors: (fields.author ?? []).map(name => name.literal
        ? text(name.literal)
        : person(text(name.prefix), text(name.family), text(name.given), text(name.suffix))),
      year: (fields.date ?? '').slice(0, 4),
      doi: fields.doi ?? '',
      arxiv: arxivOf(fields.eprint, text(fields.eprinttype)),
      tags: fields.keywords ?? [],
    }))
  },

  // no more than a second opinion: whether it finds duplicates or cannot parse
  async 'bibtex-tidy'(bib) {
    const { default: tidy } = await import('bibtex-tidy')
    const { warnings } = tidy.tidy(bib, { duplicates: true })
    if (warnings.length) throw new Error(JSON.stringify(warnings))
    return []
  },
}

const [reader, file] = process.argv.slice(2)
console.log(JSON.stringify(await readers[reader](readFileSync(file, 'utf8'))))
