using PretrainBench.Grids.Working;

namespace PretrainBench.Grids.Tests.Working;

public class SlurmJobTests
{
    [Theory]
    [InlineData("0:41", 41)]
    [InlineData("59:00", 59 * 60)]
    [InlineData("2:03:04", 7384)]
    [InlineData("1-00:00:01", 86401)]
    [InlineData("UNLIMITED", null)]
    [InlineData("INVALID", null)]
    [InlineData("0:41\n0:42", null)]
    [InlineData("", null)]
    public void The_time_left_is_read_as_squeue_writes_it(string text, int? seconds)
        => Assert.Equal(seconds, SlurmJob.ParseTime(text)?.TotalSeconds);

    [Theory]
    [InlineData(null, "12", null, null)]
    [InlineData("1", null, null, null)]
    [InlineData("1", "12", null, "12")]
    [InlineData("1", "12", "10", "10_3")]
    public void A_job_is_known_where_a_launch_submitted_it(string? submitted, string? job, string? array, string? id)
        => Assert.Equal(id, SlurmJob.Of(name => name switch
        {
            SlurmJob.SubmissionVariable => submitted,
            "SLURM_JOB_ID" => job,
            "SLURM_ARRAY_JOB_ID" => array,
            "SLURM_ARRAY_TASK_ID" => "3",
            _ => null,
        })?.Id);
}
