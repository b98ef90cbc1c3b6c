// Writes the Parquet files beside this script by writers that are not ours, from made-up rows, and the rows as JSON:
//   npm install hyparquet-writer@0.17.0 parquet-wasm@0.8.0 apache-arrow@21.2.0 && node generate.mjs
// Row i: id = i·i, score = i/8 (missing when i % 7 == 3), flag = i % 3 == 0, count = i - 50, text = made-up words (missing when i % 11 == 5).
import { writeFileSync } from 'node:fs'
import { parquetWriteBuffer } from 'hyparquet-writer'
import * as arrow from 'apache-arrow'
import { Table, writeParquet, WriterPropertiesBuilder, Compression, WriterVersion, Encoding } from 'parquet-wasm/node'

const words = ['alder', 'birch', 'cédre', 'dębina', '\u{1F332}', 'elm']
const rows = Array.from({ length: 300 }, (_, i) => ({
  id: i * i,
  score: i % 7 === 3 ? null : i / 8,
  flag: i % 3 === 0,
  count: i - 50,
  text: i % 11 === 5 ? null : Array.from({ length: 1 + (i % 5) }, (_, k) => words[(i * 7 + k * k) % 6]).join(' '),
}))
writeFileSync('rows.json', '[\n' + rows.map(row => JSON.stringify(row)).join(',\n') + '\n]\n')

for (const codec of ['UNCOMPRESSED', 'SNAPPY'])
  writeFileSync(`hyparquet-writer-${codec.toLowerCase()}.parquet`, Buffer.from(parquetWriteBuffer({
    codec,
    rowGroupSize: 120,
    columnData: [
      { name: 'id', data: rows.map(row => BigInt(row.id)), type: 'INT64', nullable: false },
      { name: 'score', data: rows.map(row => row.score), type: 'DOUBLE' },
      { name: 'flag', data: rows.map(row => row.flag), type: 'BOOLEAN', nullable: false },
      { name: 'count', data: rows.map(row => row.count), type: 'INT32', nullable: false },
      { name: 'text', data: rows.map(row => row.text), type: 'STRING' },
    ],
  })))

const table = new arrow.Table({
  id: arrow.vectorFromArray(rows.map(row => BigInt(row.id)), new arrow.Int64()),
  score: arrow.vectorFromArray(rows.map(row => row.score), new arrow.Float64()),
  flag: arrow.vectorFromArray(rows.map(row => row.flag), new arrow.Bool()),
  count: arrow.vectorFromArray(rows.map(row => row.count), new arrow.Int32()),
  text: arrow.vectorFromArray(rows.map(row => row.text), new arrow.Utf8()),
})
const plain = builder => builder.setDictionaryEnabled(false)
const variants = {
  snappy: builder => builder.setCompression(Compression.SNAPPY),
  gzip: builder => builder.setCompression(Compression.GZIP),
  zstd: builder => builder.setCompression(Compression.ZSTD),
  brotli: builder => builder.setCompression(Compression.BROTLI),
  'v2-zstd': builder => builder.setWriterVersion(WriterVersion.V2).setCompression(Compression.ZSTD),
  'v2-uncompressed-no-dictionary': builder => plain(builder.setWriterVersion(WriterVersion.V2)).setCompression(Compression.UNCOMPRESSED),
  delta: builder => plain(builder)
    .setColumnEncoding('id', Encoding.DELTA_BINARY_PACKED).setColumnEncoding('count', Encoding.DELTA_BINARY_PACKED)
    .setColumnEncoding('text', Encoding.DELTA_BYTE_ARRAY).setColumnEncoding('score', Encoding.BYTE_STREAM_SPLIT),
  'delta-length': builder => plain(builder).setColumnEncoding('text', Encoding.DELTA_LENGTH_BYTE_ARRAY),
}
for (const [name, set] of Object.entries(variants)) {
  const properties = set(new WriterPropertiesBuilder().setMaxRowGroupSize(120)).build()
  const wasm = Table.fromIPCStream(arrow.tableToIPC(table, 'stream'))
  try { writeFileSync(`parquet-rs-${name}.parquet`, writeParquet(wasm, properties)) } catch (e) { console.log(name, e) }
}
