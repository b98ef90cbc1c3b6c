// Live handles, threads and the default generator are global to the process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
