// Prints all rows of a Parquet file as JSON, read by hyparquet.
import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'

const file = await asyncBufferFromFile(process.argv.at(-1))
const rows = await parquetReadObjects({ file, compressors })
console.log(JSON.stringify(rows, (_, value) => typeof value === 'bigint' ? Number(value) : value))
