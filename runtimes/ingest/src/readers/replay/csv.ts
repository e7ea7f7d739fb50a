import { CsvError } from 'csv-parse';
import { parse } from 'csv-parse/sync';
import { Misfit } from '../../mapping/misfit.ts';
import { quotesIn } from './records.ts';

/**
 * The cells of one record of a CSV file (RFC 4180), or what is wrong with it. Records without a quote, nearly all, are split
 * at the commas; the others are left to csv-parse, whose answer this always is (held together by a property).
 */
export const splitCsv = (record: string): readonly string[] | Misfit => {
  if (!record.includes('"')) return record.split(',');
  const parsed = parseQuoted(record);
  return parsed instanceof CsvError ? new Misfit(problemOf(parsed)) : parsed;
};

/** Whether a line leaves a quote open, so that its record goes on in the next line. */
export const leavesQuoteOpen = (line: string): boolean => {
  if (quotesIn(line) % 2 === 0) return false;
  const parsed = parseQuoted(line);
  return parsed instanceof CsvError && parsed.code === 'CSV_QUOTE_NOT_CLOSED';
};

const parseQuoted = (record: string): readonly string[] | CsvError => {
  try {
    // One record that may contain line ends, but only in quotes.
    const [cells] = parse(record, { record_delimiter: '\n', relax_column_count: true });
    return cells ?? [];
  } catch (error) {
    if (error instanceof CsvError) return error;
    throw error;
  }
};

const problemOf = ({ code }: CsvError): string => {
  switch (code) {
    case 'CSV_QUOTE_NOT_CLOSED':
      return 'a quote is opened and never closed';
    case 'INVALID_OPENING_QUOTE':
      return 'a quote stands within a value that does not begin with one';
    case 'CSV_INVALID_CLOSING_QUOTE':
      return 'something stands between a closing quote and the next comma';
    default:
      return `it is not CSV (${code})`;
  }
};
